"""Hours: noted by the person, confirmed by coordinators, added up without personal data."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from programs.models import Programme
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.admin.totals import totals
from volunteers.links import applications as application_links
from volunteers.models import Application, ExportRecord, HoursEntry, StatusChange
from volunteers.reads import honours
from volunteers.reads.engaged import district_of, engaged_since
from volunteers.services import hours as services
from volunteers.services.hours import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.make_circle()


@pytest.fixture
def application(organisation):
    return factories.make_engaged(organisation)


@pytest.fixture
def coordinator(organisation):
    return factories.make_member(organisation).user


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


def work(hours="2", what="Zum Jobcenter begleitet", on=None):
    return Work(on=on or timezone.localdate(), hours=Decimal(hours), what=what)


def page(application, name="hours", *args):
    return reverse(f"volunteers:{name}", args=[application_links.status_token(application), *args])


def typed(**changes):
    return {"on": timezone.localdate().isoformat(), "hours": "1,5", "what": "Begleitet"} | changes


# --- Rules --------------------------------------------------------------------------------------


def test_hours_are_for_those_who_were_ready_or_placed(organisation):
    fresh = factories.make_application(organisation)
    with pytest.raises(services.NotEngaged):
        services.note_hours(application=fresh, work=work())
    fresh.changes.create(status="ready", actor=StatusChange.Actor.STAFF)
    assert services.note_hours(application=fresh, work=work()).hours == 2


def test_whoever_was_placed_once_may_note_hours_after_the_end(organisation):
    application = factories.make_engaged(organisation, status=Application.Status.COMPLETED)
    assert services.note_hours(application=application, work=work())


def test_day_lies_between_the_application_and_today(application):
    first = timezone.localdate(application.submitted_at)
    services.note_hours(application=application, work=work(on=first))
    for day in (first - datetime.timedelta(days=1), timezone.localdate() + datetime.timedelta(1)):
        with pytest.raises(services.HoursRefused) as caught:
            services.note_hours(application=application, work=work(on=day))
        assert caught.value.field == "on"
    assert application.hours.count() == 1


def test_today_is_the_day_in_stuttgart(application, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC))
    Application.objects.update(submitted_at=timezone.now() - datetime.timedelta(days=9))
    application.refresh_from_db()
    services.note_hours(application=application, work=work(on=datetime.date(2026, 11, 23)))


@pytest.mark.parametrize("hours", ["0", "-1", "0.1", "1.3"])
def test_hours_come_in_quarters(application, hours):
    with pytest.raises(services.HoursRefused) as caught:
        services.note_hours(application=application, work=work(hours))
    assert caught.value.field == "hours"


def test_a_day_has_24_hours_in_sum(application):
    services.note_hours(application=application, work=work("20"))
    services.note_hours(application=application, work=work("4", what="Nachts"))
    with pytest.raises(services.HoursRefused) as caught:
        services.note_hours(application=application, work=work("0.25", what="Noch etwas"))
    assert "24" in str(caught.value)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    services.note_hours(application=application, work=work("24", on=yesterday))


def test_an_entry_may_grow_within_its_own_day(application):
    entry = services.note_hours(application=application, work=work("20"))
    assert services.change_hours(entry=entry, work=work("24")).hours == 24
    with pytest.raises(services.HoursRefused):
        services.change_hours(entry=entry, work=work("24.25"))


def test_the_same_entry_again_makes_no_second_one(application, coordinator):
    first = services.note_hours(application=application, work=work())
    assert services.note_hours(application=application, work=work()) == first
    services.note_hours(application=application, work=work(), by=coordinator)
    (entry,) = application.hours.all()
    assert entry.is_confirmed


def test_what_a_coordinator_enters_is_confirmed(application, coordinator):
    entry = services.note_hours(application=application, work=work(), by=coordinator)
    assert (entry.entered_by, entry.confirmed_by) == (coordinator, coordinator)


def test_confirmed_hours_are_no_longer_the_persons_to_change(application, coordinator):
    entry = factories.make_hours(application, by=coordinator)
    with pytest.raises(services.HoursAreConfirmed):
        services.change_hours(entry=entry, work=work("3"))
    with pytest.raises(services.HoursAreConfirmed):
        services.delete_hours(entry=entry)
    assert services.change_hours(entry=entry, work=work("3"), by=coordinator).is_confirmed


def test_only_what_was_seen_is_confirmed(application, coordinator):
    entry = factories.make_hours(application)
    seen = [entry.seen]
    services.change_hours(entry=entry, work=work("20"))
    with pytest.raises(services.HoursHaveChanged):
        services.confirm_hours(application=application, by=coordinator, seen=seen)
    assert not application.hours.confirmed().exists()
    entry.refresh_from_db()
    confirm = {"application": application, "by": coordinator, "seen": [entry.seen]}
    assert services.confirm_hours(**confirm) == 1
    assert services.confirm_hours(**confirm) == 0


def test_district_is_the_tandems_else_the_entrys_only_one(organisation):
    feuerbach, west = (factories.make_district(slug) for slug in ("feuerbach", "west"))
    entry = factories.make_entry(organisation=organisation, districts=[feuerbach])
    application = factories.make_engaged(organisation, entry=entry)
    assert district_of(application) == feuerbach
    entry.districts.add(west)
    assert district_of(application) is None
    assert district_of(factories.make_engaged(organisation, "Ben", entry=None)) is None
    tandem = factories.make_tandem(factories.make_request(district=west), application)
    assert district_of(application) == west
    tandem.status, tandem.ended_on = "ended", timezone.localdate()
    tandem.end_reason, tandem.ended_by = "reached", "volunteer"
    tandem.save()
    assert district_of(application) is None


def test_start_is_the_first_placement_else_being_ready(organisation):
    application = factories.make_application(organisation)
    assert engaged_since(application) is None
    for days, status in ((30, "ready"), (20, "placed"), (10, "placed")):
        at = timezone.localtime() - datetime.timedelta(days=days)
        application.changes.create(status=status, at=at, actor="staff")
    assert engaged_since(application) == timezone.localdate() - datetime.timedelta(days=20)


# --- The database -------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", ["0", "24.25", "-0.25"])
def test_database_knows_how_long_a_day_is(application, hours):
    with pytest.raises(IntegrityError, match="hours_fit_into_a_day"), transaction.atomic():
        factories.make_hours(application, hours)


def test_database_takes_quarters_only(application):
    with pytest.raises(IntegrityError, match="hours_in_quarters"), transaction.atomic():
        factories.make_hours(application, "1.30")


# --- Pages of the person ------------------------------------------------------------------------


def test_person_notes_hours_without_login(client, application):
    response = client.post(page(application), typed())
    assert (response.status_code, response.url) == (302, page(application))
    (entry,) = application.hours.all()
    assert (entry.hours, entry.what, entry.is_confirmed) == (Decimal("1.50"), "Begleitet", False)
    text = client.get(page(application)).content.decode()
    assert "1,5 Stunden, davon 0 bestätigt" in text
    assert "noindex" in text


def test_double_click_on_save_makes_one_entry(client, application):
    for _ in range(2):
        assert client.post(page(application), typed()).status_code == 302
    assert application.hours.count() == 1


def test_status_page_shows_sum_entries_and_form(client, application, coordinator):
    factories.make_hours(application, "2.5", by=coordinator)
    factories.make_hours(application, "1", what="Anderes")
    text = client.get(page(application, "status")).content.decode()
    assert f"<strong>{timezone.localdate().year}: 3,5 Stunden</strong>, davon 2,5 bestätigt" in text
    assert "Zum Jobcenter begleitet" in text
    assert f'action="{page(application)}"' in text


def test_status_page_says_nothing_of_hours_before_the_start(client, organisation):
    application = factories.make_application(organisation)
    assert "Stunden" not in client.get(page(application, "status")).content.decode()
    for answer in (client.get(page(application)), client.post(page(application), typed())):
        assert answer["Location"] == page(application, "status")
    assert not application.hours.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": ""}, "Bitte wählen Sie den Tag aus."),
        ({"on": "31.02.2026"}, "Diesen Tag gibt es nicht."),
        ({"on": "2999-01-01"}, "liegt in der Zukunft"),
        ({"on": "2020-01-01"}, "vor der Anmeldung"),
        ({"hours": ""}, "Bitte geben Sie die Stunden an."),
        ({"hours": "viel"}, "Bitte geben Sie eine Zahl an"),
        ({"hours": "NaN"}, "Bitte geben Sie eine Zahl an"),
        ({"hours": "1,1"}, "Viertelstunden"),
        ({"hours": "25"}, "Mehr als 24 Stunden"),
        ({"hours": "-3"}, "Viertelstunde"),
        ({"what": ""}, "in wenigen Worten"),
        ({"what": "x" * 10_000}, "Das ist zu lang"),
        ({"what": "a\u202eb"}, "Steuerzeichen"),
        ({"what": "a\x00b"}, ""),
    ],
)
def test_unfriendly_input_gets_a_sentence_and_keeps_what_was_typed(
    client, application, changes, sentence
):
    response = client.post(page(application), typed(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not application.hours.exists()


def test_html_and_right_to_left_text_stand_as_typed(client, application):
    client.post(page(application), typed(what="<b>مرحبا</b>"))
    assert "&lt;b&gt;مرحبا&lt;/b&gt;" in client.get(page(application)).content.decode()


@pytest.mark.slow
def test_person_changes_and_deletes_an_unconfirmed_entry(client, application):
    entry = factories.make_hours(application)
    assert 'value="2"' in client.get(page(application, "change_hours", entry.pk)).content.decode()
    client.post(page(application, "change_hours", entry.pk), typed(hours="3,25"))
    entry.refresh_from_db()
    assert entry.hours == Decimal("3.25")
    assert client.get(page(application, "delete_hours", entry.pk))["Location"] == page(application)
    assert application.hours.exists()
    client.post(page(application, "delete_hours", entry.pk))
    assert not application.hours.exists()
    for name in ("delete_hours", "change_hours"):
        again = client.post(page(application, name, entry.pk), typed())
        assert again["Location"] == page(application)


def test_confirmed_entry_is_gone_for_changes(client, application, coordinator):
    entry = factories.make_hours(application, by=coordinator)
    assert client.get(page(application, "change_hours", entry.pk)).status_code == 410
    assert client.post(page(application, "change_hours", entry.pk), typed()).status_code == 410
    assert client.post(page(application, "delete_hours", entry.pk)).status_code == 410
    entry.refresh_from_db()
    assert entry.hours == 2


def test_entry_of_somebody_else_does_not_exist(client, organisation, application):
    foreign = factories.make_hours(factories.make_engaged(organisation, "Ben"))
    for name in ("change_hours", "delete_hours"):
        answer = client.post(page(application, name, foreign.pk), typed())
        assert answer["Location"] == page(application)
    assert HoursEntry.objects.filter(pk=foreign.pk, hours=2).exists()


# --- Administration -----------------------------------------------------------------------------


def change_url(application):
    return reverse("admin:volunteers_application_change", args=[application.pk])


@pytest.mark.slow
def test_panel_confirms_one_or_all_as_seen(as_coordinator, application, coordinator):
    one, two = factories.make_hours(application), factories.make_hours(application, "1", what="B")
    text = as_coordinator.get(change_url(application)).content.decode()
    assert one.seen in text
    assert "2 zu bestätigen" in text
    url = reverse("admin:volunteers_application_hours_confirm", args=[application.pk])
    as_coordinator.post(url, {"seen": [one.seen]})
    assert list(application.hours.confirmed()) == [one]
    as_coordinator.post(url, {"seen": [one.seen, two.seen]})
    assert application.hours.confirmed().filter(confirmed_by=coordinator).count() == 2


@pytest.mark.slow
def test_panel_refuses_what_has_changed_since(as_coordinator, application):
    entry = factories.make_hours(application)
    seen = entry.seen
    HoursEntry.objects.update(hours=Decimal(9))
    url = reverse("admin:volunteers_application_hours_confirm", args=[application.pk])
    response = as_coordinator.post(url, {"seen": [seen]}, follow=True)
    assert "inzwischen geändert" in response.content.decode()
    assert not application.hours.confirmed().exists()


def test_coordinator_enters_hours(as_coordinator, application):
    url = reverse("admin:volunteers_application_hours", args=[application.pk])
    assert as_coordinator.post(url, typed(hours="99")).status_code == 422
    assert as_coordinator.post(url, typed()).status_code == 302
    assert application.hours.confirmed().count() == 1


@pytest.mark.slow
def test_list_confirms_chosen_ones_in_sight(as_coordinator, application, coordinator):
    own = factories.make_hours(application)
    foreign = factories.make_hours(factories.make_engaged(factories.make_circle("Süd"), "Ben"))
    url = reverse("admin:volunteers_hoursentry_changelist")
    data = {"action": "confirm_selected", "_selected_action": [own.pk, foreign.pk]}
    as_coordinator.post(url, data | {"seen": [own.seen]})
    assert set(HoursEntry.objects.confirmed()) == {own}
    assert "Ben" not in as_coordinator.get(url).content.decode()
    assert not as_coordinator.get(url, {"bestaetigt": "nein"}).context["cl"].result_count


@pytest.mark.slow
def test_list_confirms_what_it_showed(as_coordinator, application):
    entry = factories.make_hours(application)
    url = reverse("admin:volunteers_hoursentry_changelist")
    shown = as_coordinator.get(url).content.decode()
    assert shown.count(f'name="seen" value="{entry.seen}"') == 1
    HoursEntry.objects.update(hours=Decimal(9))
    data = {"action": "confirm_selected", "_selected_action": [entry.pk], "seen": [entry.seen]}
    assert "inzwischen geändert" in as_coordinator.post(url, data, follow=True).content.decode()
    assert not application.hours.confirmed().exists()
    as_coordinator.post(url, data | {"select_across": "1"})
    assert application.hours.confirmed().exists(), "all, also those of other pages"


def test_list_leads_to_the_totals(as_coordinator, application):
    text = as_coordinator.get(reverse("admin:volunteers_hoursentry_changelist")).content.decode()
    assert reverse("admin:volunteers_hoursentry_totals") in text
    assert reverse("admin:volunteers_hoursentry_export") in text
    assert "0 Einträge" in text, "„0 Stunden“ would be a sum"


@pytest.mark.slow
def test_start_page_counts_what_waits_for_confirmation(as_coordinator, application):
    factories.make_hours(application)
    text = as_coordinator.get(reverse("admin:index")).content.decode()
    assert "Stundeneintrag zu bestätigen" in text
    assert "hoursentry/?bestaetigt=nein" in text


def test_my_page_sums_up_all_engagements(client, organisation, application, coordinator):
    second = factories.make_engaged(
        organisation, entry=None, volunteer=application.volunteer, email=application.email
    )
    factories.make_hours(application, "2", by=coordinator)
    factories.make_hours(second, "1.5")
    user = factories.make_user(application.email)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client.force_login(user)
    text = client.get(reverse("volunteers:my_page")).content.decode()
    assert "3,5 Stunden</strong>, davon 2 bestätigt" in text
    assert page(second) in text


@pytest.mark.slow
def test_correction_in_the_list_obeys_the_rules(as_coordinator, application):
    entry = factories.make_hours(application)
    url = reverse("admin:volunteers_hoursentry_change", args=[entry.pk])
    for wrong in ({"hours": "1,1"}, {"on": "01.01.2000"}, {"hours": "25"}):
        data = {"on": f"{entry.on:%d.%m.%Y}", "hours": "2", "what": "Neu", "district": ""} | wrong
        assert as_coordinator.post(url, data).status_code == 200
    data = {"on": f"{entry.on:%d.%m.%Y}", "hours": "3,5", "what": "Neu", "district": ""}
    assert as_coordinator.post(url, data).status_code == 302
    entry.refresh_from_db()
    assert (entry.hours, entry.what) == (Decimal("3.50"), "Neu")


def test_hours_leave_as_a_list(as_coordinator, application):
    factories.make_hours(application, what="=1+1")
    url = reverse("admin:volunteers_hoursentry_export")
    response = as_coordinator.post(url, {"format": "csv", "purpose": "Rundmail"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Datum;Stunden;Was;Name;Angebot")
    assert ";2;'=1+1;Amira Haddad;" in lines[1]
    assert ExportRecord.objects.get().rows == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["changelist", "totals"])
def test_lists_do_not_slow_down(
    as_coordinator, organisation, application, name, django_assert_num_queries
):
    url = reverse(f"admin:volunteers_hoursentry_{name}")
    url += "?zaehlen=alle" if name == "totals" else ""
    factories.make_hours(application)
    counts = []
    for _ in range(2):
        with django_assert_num_queries(100, exact=False) as queries:
            assert as_coordinator.get(url).status_code == 200
        counts.append(len(queries))
        for number in range(29):
            other = factories.make_engaged(organisation, f"Person {number}", entry=None)
            factories.make_hours(other)
    assert counts[0] == counts[1]


# --- Totals -------------------------------------------------------------------------------------


def test_totals_per_year_programme_and_district(organisation, coordinator):
    feuerbach = factories.make_district("feuerbach")
    programme = factories.make_programme(organisation=organisation)
    inside = factories.make_entry(organisation=organisation, part_of=programme)
    day = datetime.date(2025, 5, 1)
    for entry, hours in ((programme, "2"), (inside, "3.25"), (organisation, "1")):
        application = factories.make_engaged(organisation, f"Amira {hours}", entry=entry)
        factories.make_hours(application, hours, by=coordinator, on=day, district=feuerbach)
        factories.make_hours(application, "8", on=day)
    rows = totals(HoursEntry.objects.visible_to(coordinator), only_confirmed=True)
    found = [(row["year"], row["programme"], row["place"], row["hours"]) for row in rows]
    assert found == [
        (2025, "", "Feuerbach", Decimal(1)),
        (2025, "WillkommensPaten", "Feuerbach", Decimal("5.25")),
    ]
    everything = totals(HoursEntry.objects.visible_to(coordinator), only_confirmed=False)
    assert sum(row["hours"] for row in everything) == Decimal("30.25")


def test_totals_page_shows_own_figures_with_stand_and_source(
    as_coordinator, application, coordinator
):
    factories.make_hours(application, "2.5", by=coordinator)
    foreign = factories.make_engaged(factories.make_circle("Freundeskreis Süd"), "Ben")
    factories.make_hours(foreign, "7", by=coordinator)
    url = reverse("admin:volunteers_hoursentry_totals")
    text = as_coordinator.get(url).content.decode()
    assert "2,5" in text
    assert "nur bestätigte Stunden" in text
    assert f"Stand: {timezone.localtime():%-d}. " in text
    assert (
        "Quelle: Stundeneinträge im Freiwilligenportal Stuttgart, Freundeskreis Feuerbach" in text
    )
    for hidden in ("Freundeskreis Süd", "Amira", "Ben"):
        assert hidden not in text


def test_totals_leave_as_a_file_without_persons(as_coordinator, application, coordinator):
    factories.make_hours(application, "2.5", by=coordinator)
    factories.make_hours(application, "4", what="Offen")
    url = reverse("admin:volunteers_hoursentry_totals")
    for counted, hours in (("bestaetigt", "2,5"), ("alle", "6,5")):
        response = as_coordinator.post(
            f"{url}?zaehlen={counted}", {"format": "csv", "purpose": "Rundmail"}
        )
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert f";ohne Stadtbezirk;{hours};" in text
        assert f"{timezone.localdate():%d.%m.%Y};Stundeneinträge" in text
        assert "Amira" not in text
    record = ExportRecord.objects.latest("pk")
    assert (record.what, record.rows) == ("Summen der Stunden", 1)
    assert "auch unbestätigte Stunden" in record.filter


# --- Ehrenamtskarte -----------------------------------------------------------------------------


def give(application, hours, by, days_ago=0):
    """``hours`` confirmed hours, at most 20 a day, on the days before ``days_ago``."""
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    left = Decimal(hours)
    while left:
        part = min(left, Decimal(20))
        factories.make_hours(application, part, by=by, on=day)
        left -= part
        day -= datetime.timedelta(days=1)


def test_card_is_hinted_at_from_200_confirmed_hours(client, application, coordinator):
    give(application, "199.75", coordinator)
    factories.make_hours(application, "5", what="unbestätigt")
    assert honours.card_shown_to(application) is None
    factories.make_hours(application, "0.25", by=coordinator, what="noch etwas")
    card = honours.card_shown_to(application)
    assert (card.hours_label, card.needed) == ("200", 200)
    text = client.get(page(application, "status")).content.decode()
    assert "Ehrenamtskarte" in text
    assert "Stand 5. Dezember 2025" in text
    assert "https://www.stuttgart.de/" in text


def test_card_counts_twelve_months_back_and_no_day_more(application, coordinator, time_machine):
    give(application, "200", coordinator)
    first = HoursEntry.objects.order_by("on").first().on
    time_machine.move_to(first.replace(year=first.year + 1) - datetime.timedelta(days=1))
    assert honours.card_shown_to(application) is not None
    time_machine.move_to(first.replace(year=first.year + 1))
    assert honours.card_shown_to(application) is None


@pytest.mark.parametrize(
    ("kind", "reached"), [("pilot", True), ("project", True), ("mentoring", False)]
)
def test_card_needs_100_hours_in_a_project(organisation, coordinator, kind, reached):
    programme = factories.make_programme(organisation=organisation, type=kind)
    inside = factories.make_entry(organisation=organisation, part_of=programme)
    application = factories.make_engaged(organisation, entry=programme)
    again = factories.make_engaged(organisation, entry=inside, volunteer=application.volunteer)
    for part in (application, again):
        give(part, "50", coordinator)
    card = honours.card_shown_to(application)
    assert (card is not None) == reached
    if card:
        assert (card.needed, card.project) == (100, Programme.objects.get().title)


def test_coordination_hears_only_of_hours_given_to_it(organisation, coordinator):
    application = factories.make_engaged(organisation)
    other = factories.make_circle("Freundeskreis Süd")
    elsewhere = factories.make_engaged(other, volunteer=application.volunteer)
    give(application, "100", coordinator)
    give(elsewhere, "100", coordinator)
    assert honours.card_shown_to(application) is not None
    assert honours.card_known_to(application) is None


def test_after_its_last_day_the_card_is_not_mentioned(application, coordinator, time_machine):
    time_machine.move_to(datetime.datetime(2027, 12, 31, 12, tzinfo=datetime.UTC))
    give(application, "200", coordinator)
    assert honours.card_shown_to(application) is not None
    time_machine.move_to(datetime.datetime(2028, 1, 1, 12, tzinfo=datetime.UTC))
    assert honours.card_shown_to(application) is None


# --- Two at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_double_click_at_the_same_moment_makes_one_entry(application):
    made = at_once(*[lambda: services.note_hours(application=application, work=work())] * 4)
    assert len({entry.pk for entry in made}) == 1
    assert application.hours.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_windows_do_not_fill_a_day_twice(application):
    calls = [
        lambda what=what: services.note_hours(application=application, work=work("16", what=what))
        for what in ("vormittags", "nachmittags")
    ]
    results = at_once(*calls)
    assert sum(isinstance(result, services.HoursRefused) for result in results) == 1
    assert application.hours.total() == 16


@pytest.mark.django_db(transaction=True)
def test_confirming_and_changing_at_once_never_confirms_what_nobody_saw(application, coordinator):
    for number in range(5):
        entry = factories.make_hours(application, "1", what=f"Besuch {number}")
        seen = [entry.seen]
        at_once(
            lambda e=entry, n=number: services.change_hours(
                entry=e, work=work("3", what=f"Besuch {n}")
            ),
            lambda s=seen: services.confirm_hours(application=application, by=coordinator, seen=s),
        )
        entry.refresh_from_db()
        assert (entry.hours, entry.is_confirmed) in {(Decimal(1), True), (Decimal(3), False)}
        entry.delete()
