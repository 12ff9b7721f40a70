"""A class, a team or a circle signs up as one: everybody of it counts, and nobody but the contact is asked for."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.cards import cards
from programs.addresses import admin_path
from programs.models import Entry
from tests import factories
from volunteers.errors import GroupNotPossible, NoFreePlace
from volunteers.links import applications as application_links
from volunteers.lists.resources import ApplicationResource
from volunteers.matching import suggestions
from volunteers.models import Application
from volunteers.reads.joining import free_places
from volunteers.reads.starting import start_lines
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db

TYPED = {"name": "Mina Kaya", "email": "mina@example.org", "age": "adult", "consent": "on"}
CLASS = {"group_size": "24", "group_name": "Klasse 10b"}


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def garden(office):
    """A day for groups, with 30 places."""
    return factories.make_entry("Gartentag", organisation=office, places=30, for_groups=True)


@pytest.fixture
def staff(office, client):
    user = factories.make_member(office).user
    client.force_login(user)
    return user


def path_of(entry):
    return reverse("volunteers:sign_up_entry", args=[entry.slug])


def of(entry, name="Mina Kaya", size=24, **fields):
    """A confirmed group; one person if ``size`` is None."""
    told = {"group_size": size, "group_name": "Klasse 10b" if size else ""}
    return factories.make_application(entry.owner, name, entry=entry, **(told | fields))


def signed_up(entry, **more):
    """Sent and confirmed."""
    assert Client().post(path_of(entry), TYPED | more).status_code == 302
    application = Application.objects.get(email=TYPED["email"], entry=entry)
    return services.confirm_application(application=application)


def status_page(application):
    return Client().get(application_links.status_path(application)).text


def revise_path(application):
    return reverse("volunteers:revise", args=[application_links.status_token(application)])


# --- The form -----------------------------------------------------------------------------------


def test_who_comes_alone_reads_nothing_of_groups_where_none_is_welcome(office):
    page = Client().get(path_of(factories.make_entry(organisation=office))).text
    assert "Gruppe" not in page
    assert "group_size" not in page


def test_where_groups_are_welcome_the_part_for_them_is_folded_and_nothing_of_it_is_required(garden):
    page = Client().get(path_of(garden))
    assert page.text.count('<details class="more">') == 2
    assert "Wir sind eine Gruppe" in page.text
    assert "Noch 30 Plätze sind frei." in page.text
    alone = signed_up(garden)
    assert (alone.group_size, alone.group_name, alone.people) == (None, "", 1)


def test_a_group_signs_up_with_its_number_and_a_contact(garden):
    application = signed_up(garden, **CLASS)
    assert (application.name, application.group_label) == ("Mina Kaya", "Klasse 10b (24 Menschen)")
    assert application.status == "new"
    assert free_places(garden) == 6


def test_who_does_not_know_yet_what_fits_may_be_a_group(office):
    Client().post(reverse("volunteers:sign_up"), TYPED | CLASS)
    assert Application.objects.get().people == 24


@pytest.mark.parametrize(
    ("said", "field", "text"),
    [
        ({"group_size": "24"}, "group_name", "wer Sie zusammen sind"),
        ({"group_name": "Klasse 10b"}, "group_size", "wie viele Menschen Sie sind"),
        ({"group_size": "1", "group_name": "Ich"}, "group_size", "mindestens 2 Menschen"),
        ({"group_size": "-3", "group_name": "x"}, "group_size", "mindestens 2 Menschen"),
        ({"group_size": "31", "group_name": "Klasse"}, "group_size", "insgesamt 30 Plätze"),
        ({"group_size": "501", "group_name": "Klasse"}, "group_size", "bis 500 Menschen"),
        ({"group_size": "9" * 400, "group_name": "Klasse"}, "group_size", "bis 500 Menschen"),
        ({"group_size": "zwölf", "group_name": "Klasse"}, "group_size", "ganze Zahl"),
        ({"group_size": "2,5", "group_name": "Klasse"}, "group_size", "ganze Zahl"),
        ({"group_size": "12", "group_name": "Klasse\n10b"}, "group_name", ""),
        ({"group_size": "12", "group_name": "Klasse\x0010b"}, "group_name", ""),
        ({"group_size": "12", "group_name": "x" * 121}, "group_name", "120"),
    ],
)
def test_what_does_not_go_together_is_said_at_its_field_and_stays_typed(garden, said, field, text):
    answer = Client().post(path_of(garden), TYPED | said)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {field}
    assert text in str(errors[field])
    assert 'class="more" open' in answer.text
    assert "Mina Kaya" in answer.text
    assert not Application.objects.exists()


def test_the_database_holds_number_and_name_together(garden):
    for wrong in ((1, "Klasse"), (501, "Klasse"), (5, ""), (None, "Klasse")):
        with pytest.raises(IntegrityError, match="application_group_has"), transaction.atomic():
            factories.make_application(
                garden.owner, entry=garden, group_size=wrong[0], group_name=wrong[1]
            )
    one = of(garden)
    one.group_name = ""
    with pytest.raises(ValidationError, match="gehören zusammen"):
        one.validate_constraints()


def test_a_form_without_a_part_for_groups_takes_no_group(office):
    cafe = factories.make_entry("Sprachcafé", organisation=office)
    assert signed_up(cafe, **CLASS).people == 1


# --- Places -------------------------------------------------------------------------------------


def test_everybody_of_a_group_takes_a_place_on_pages_cards_and_in_the_order(garden):
    of(garden, size=27)
    page = garden.get_absolute_url()
    assert "Noch 3 Plätze frei." in Client().get(page).text
    of(garden, "Ina Beste", size=3)
    assert "Warteliste" in Client().get(page).text
    (card,) = cards(Entry.objects.filter(pk=garden.pk), {})
    assert "full" in card["badges"]
    other = factories.make_entry("Ackertag", organisation=garden.organisation, places=5)
    of(other, "Ben Blum", size=4)
    found = Client().get(reverse("portal:catalogue"), {"art": "einsatz"}).text
    assert found.index("Ackertag") < found.index("Gartentag")


def test_a_group_for_which_too_few_places_are_left_waits_and_is_told_so(garden, mailoutbox):
    of(garden, "Ina Beste", size=10)
    waiting = signed_up(garden, **CLASS)
    assert waiting.status == "waiting"
    assert free_places(garden) == 20
    (mail,) = [one for one in mailoutbox if "Warteliste" in one.subject]
    assert "nicht genug Plätze für Ihre Gruppe frei: Klasse 10b (24 Menschen)" in mail.body
    assert "Ist Platz für alle, rücken Sie gemeinsam nach" in status_page(waiting)


def test_places_that_become_free_go_to_the_longest_waiting_that_fit_until_nothing_fits(
    garden, mailoutbox
):
    big, one = of(garden, "Groß", size=28), of(garden, "Eins", size=None)
    names = {"Zwanzig": 20, "Fünfzehn": 15, "Zwei": 2, "Allein": None, "Sechs": 6, "Acht": 8}
    for name, size in names.items():
        of(garden, name, size=size, status="waiting")
    services.withdraw_application(application=big)
    moved = Application.objects.filter(entry=garden, status="new").exclude(pk=one.pk)
    assert {a.name for a in moved} == {"Zwanzig", "Zwei", "Allein", "Sechs"}
    assert free_places(garden) == 0
    told = [mail for mail in mailoutbox if "frei geworden" in mail.subject]
    assert len(told) == 4
    assert any("Ihre Gruppe ist nachgerückt: Klasse 10b (20 Menschen)" in m.body for m in told)
    services.withdraw_application(application=one)
    assert Application.objects.filter(entry=garden, status="waiting").count() == 2


def test_coordination_offers_no_place_to_a_group_that_does_not_fit(garden, staff):
    of(garden, "Ina Beste", size=28)
    waiting = of(garden, size=3, status="waiting")
    with pytest.raises(NoFreePlace, match="Für 3 Menschen sind nicht genug Plätze frei"):
        services.change_status(application=waiting, status="new", by=staff)
    lines = {line.title: line for line in start_lines(waiting, garden)}
    assert "Für so viele ist kein Platz" in lines["Es ist ein Platz frei"].text
    waiting.group_size = 2
    waiting.save()
    assert services.change_status(application=waiting, status="new", by=staff).status == "new"


# --- The number changes -------------------------------------------------------------------------


def revised(application, **said):
    data = {"name": application.name, "age": "adult", "group_name": "Klasse 10b"}
    return Client().post(revise_path(application), data | said)


def test_a_bigger_number_takes_places_and_is_refused_where_there_are_none(garden):
    group = of(garden, size=24)
    assert revised(group, group_size="30").status_code == 302
    assert free_places(garden) == 0
    for further in ("31", "400"):
        refused = revised(group, group_size=further)
        assert refused.status_code == 422
        assert "Angemeldet bisher: 30." in refused.text
        assert f'value="{further}"' in refused.text
    group.refresh_from_db()
    assert group.people == 30


def test_a_group_that_waits_may_change_its_number_up_to_all_places(garden):
    of(garden, "Ina Beste", size=29)
    waiting = of(garden, size=5, status="waiting")
    assert revised(waiting, group_size="30").status_code == 302
    assert revised(waiting, group_size="31").status_code == 422


def test_a_smaller_number_gives_places_to_those_who_wait(garden):
    group = of(garden, size=30)
    waiting = of(garden, "Ben Blum", size=5, status="waiting")
    assert revised(group, group_size="26").status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "waiting"
    assert revised(group, group_size="", group_name="").status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "new"


def test_a_waiting_group_that_becomes_smaller_moves_up_at_once(garden):
    of(garden, "Ina Beste", size=26)
    waiting = of(garden, size=5, status="waiting")
    assert revised(waiting, group_size="4").status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "new"


def test_somebody_in_a_tandem_does_not_become_a_group(office):
    application = factories.make_ready(office, "Jan Berg", entry=None)
    factories.make_tandem(factories.make_request(organisation=office), application)
    refused = revised(application, group_size="3")
    assert refused.status_code == 422
    assert "Sie gilt für eine Person" in refused.text


def form_of(page):
    form = page.context["adminform"].form
    data = {}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = "" if value is None else value
    return data | {
        f"{one.formset.prefix}-{name}": number
        for one in page.context["inline_admin_formsets"]
        for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }


def test_coordination_corrects_the_number_under_the_same_rules(garden, staff, client):
    group, waiting = of(garden, size=28), of(garden, "Ben Blum", size=5, status="waiting")
    page = client.get(admin_path(group))
    assert "Diese Anmeldung gilt für eine Gruppe" in page.text
    refused = client.post(admin_path(group), form_of(page) | {"group_size": "31"})
    assert "Angemeldet bisher: 28." in refused.text
    assert client.post(admin_path(group), form_of(page) | {"group_size": "25"}).status_code == 302
    group.refresh_from_db()
    waiting.refresh_from_db()
    assert (group.people, waiting.status) == (25, "new")
    nameless = form_of(client.get(admin_path(group))) | {"group_name": ""}
    assert "gehören zusammen" in client.post(admin_path(group), nameless).text


# --- Who sees it --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_group_is_seen_in_lists_pages_mails_and_found_by_its_name(
    garden, staff, client, mailoutbox
):
    group = of(garden)
    label = "Klasse 10b (24 Menschen)"
    listed = client.get(admin_path(Application), {"q": "10b"})
    assert label in listed.text
    assert label in client.get(admin_path(group)).text
    assert label in client.get(admin_path(group, "status", "in_contact")).text
    assert label in client.get(reverse("admin:index")).text
    assert label in status_page(group)
    for status in ("in_contact", "in_training", "ready", "placed", "paused", "completed"):
        services.change_status(application=group, status=status, by=staff)
        assert label in mailoutbox[-1].body, status


def test_what_a_stranger_typed_is_not_mailed_before_the_mailbox_is_proved(garden, mailoutbox):
    Client().post(path_of(garden), TYPED | {"group_size": "5", "group_name": "Kaufen Sie hier"})
    (mail,) = mailoutbox
    assert "Kaufen Sie hier" not in mail.body


def test_lists_say_for_how_many_people_each_sign_up_stands(garden, staff):
    of(garden)
    of(garden, "Ben Blum", size=None)
    headings, *lines = ApplicationResource(staff).rows(Application.objects.order_by("pk"))
    rows = [dict(zip(headings, line, strict=True)) for line in lines]
    assert [(row["Menschen"], row["Gruppe"]) for row in rows] == [(24, "Klasse 10b"), (1, "")]


def test_a_group_is_suggested_to_nobody_as_a_companion(office, staff):
    request = factories.make_request(organisation=office)
    group = factories.make_ready(office, "Mina Kaya", group_size=5, group_name="Kochgruppe")
    assert not suggestions.candidates(staff).exists()
    assert suggestions.for_request(request, staff).count == 0
    assert suggestions.for_application(group, staff).count == 0


def test_the_list_of_sign_ups_asks_no_more_for_groups(garden, staff, client):
    def queries(number):
        for index in range(number):
            of(garden, f"Person {chr(65 + index)}", size=2, status="declined", decline_reason="x")
        with CaptureQueriesContext(connection) as found:
            client.get(admin_path(Application))
        return len(found)

    assert queries(1) == queries(20)


def test_who_looks_for_something_for_a_group_finds_it(garden):
    factories.make_entry("Sprachcafé", organisation=garden.organisation)
    for address in ("?fuer-gruppen=1", "?q=schulklasse", "?q=als+gruppe"):
        page = Client().get(reverse("portal:catalogue") + address).text
        assert "Gartentag" in page, address
    assert "Sprachcafé" not in Client().get(reverse("portal:catalogue") + "?fuer-gruppen=1").text
    assert "Auch für Gruppen" in Client().get(garden.get_absolute_url()).text


def test_growth_in_the_service_is_refused_and_nothing_of_it_is_kept(garden):
    group = of(garden, size=28)
    of(garden, "Ben Blum", size=2)
    with pytest.raises(GroupNotPossible):
        services.revise_application(application=group, answers={"group_size": 29, "name": "Anders"})
    group.refresh_from_db()
    assert (group.people, group.name) == (28, "Mina Kaya")
