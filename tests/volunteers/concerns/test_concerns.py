"""„Etwas stimmt nicht“: who reads it, who never does, and that no word of it stands elsewhere."""

import datetime
import itertools

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.worklist import OPEN_POINTS, open_points
from programs.models import Membership
from tests import factories
from tests.people import person_at
from tests.volunteers.applications.test_races import at_once
from volunteers.links import concerns as concern_links
from volunteers.links import tandems as tandem_links
from volunteers.models import Concern
from volunteers.models.companions import Side
from volunteers.models.concerns import readers_of
from volunteers.periods import is_working_day, working_days_after
from volunteers.privacy import disclosure, erasing, retention
from volunteers.reminders import send_due
from volunteers.services import concerns

pytestmark = pytest.mark.django_db

WORDS = "Er fragt nach Geld und kommt nachts."
Report = concerns.Report


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def department():
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def circle(department, office):
    return factories.make_circle(department=department)


@pytest.fixture
def thea(circle):
    return trust(circle)


@pytest.fixture
def tandem(circle):
    request = factories.make_request(organisation=circle, phone="0711 555")
    return factories.make_tandem(request, factories.make_ready(circle, phone="0711 222"))


def trust(organisation, **fields):
    return factories.make_member(organisation, role="trust", **fields).user


def raised(organisation, **fields):
    tandem = fields.pop("tandem", None)
    report = Report(text=WORDS, **fields)
    return concerns.raise_concern(report=report, organisation=organisation, tandem=tandem)


def reads(user, concern):
    return Concern.objects.visible_to(user).filter(pk=concern.pk).exists()


def opened(client, user, concern):
    client.force_login(user)
    return client.get(reverse("admin:volunteers_concern_change", args=[concern.pk]))


# --- who reads it -------------------------------------------------------------------------------


def test_persons_of_trust_of_the_organisation_and_of_its_department_read_it(
    circle, department, office
):
    near, above, far = trust(circle), trust(department), trust(office)
    elsewhere = trust(factories.make_circle("Freundeskreis Nord", department=department))
    concern = raised(circle)
    assert [reads(one, concern) for one in (near, above, far, elsewhere)] == [
        True,
        True,
        False,
        False,
    ]
    assert sorted(m.to[0] for m in mail.outbox) == sorted([near.email, above.email])


def test_without_one_near_those_of_the_clearing_office_do_also_for_concerns_that_are_there(
    circle, office
):
    near, far = factories.make_member(circle, role="trust"), trust(office)
    concern = raised(circle)
    assert not reads(far, concern)
    near.delete()
    assert reads(far, concern)
    assert readers_of(circle).get().user == far


@pytest.mark.parametrize("role", [r for r in Membership.Role.values if r != "trust"])
def test_no_other_role_reads_it(client, circle, department, office, thea, role):
    concern = raised(circle)
    until = timezone.localdate() + datetime.timedelta(days=1) if role == "deputy" else None
    for organisation in (circle, department, office):
        user = factories.make_member(organisation, role=role, until=until).user
        assert not reads(user, concern)
        assert opened(client, user, concern).status_code in {403, 404}


@pytest.mark.slow
def test_the_portalverwaltung_does_not_read_it_unless_it_is_a_person_of_trust(client, circle, thea):
    portal = factories.make_user("portal@example.org", is_superuser=True)
    concern = raised(circle)
    assert not portal.has_perm("volunteers.view_concern")
    assert opened(client, portal, concern).status_code == 404
    assert client.get(reverse("admin:volunteers_concern_changelist")).status_code == 403
    factories.make_member(circle, user=portal, role="trust")
    portal = type(portal).objects.get(pk=portal.pk)
    assert opened(client, portal, concern).status_code == 200


def test_who_coordinates_the_pair_does_not_read_what_is_about_the_coordination(
    circle, department, office
):
    both = factories.make_member(circle).user
    factories.make_member(department, user=both, role="trust")
    far = trust(office)
    other = raised(circle)
    about = raised(circle, about_coordination=True, name="Ben")
    assert reads(both, other)
    assert not reads(both, about)
    assert reads(far, about)  # nobody else is near
    Membership.objects.filter(user=both, organisation=circle).delete()
    assert not reads(type(both).objects.get(pk=both.pk), about)


@pytest.mark.slow
def test_mails_go_to_exactly_those_who_may_read(circle, department, office):
    """All combinations of who is there, who coordinates and what it is about."""
    users = {
        name: trust(at) for name, at in (("near", circle), ("above", department), ("far", office))
    }
    trusted = dict(Membership.objects.filter(role="trust").values_list("user", "pk"))
    tried = 0
    for there, about, coordinates in itertools.product(
        itertools.chain.from_iterable(itertools.combinations(users, n) for n in range(4)),
        (True, False),
        (None, "above", "far"),
    ):
        with transaction.atomic():
            gone = [trusted[user.pk] for name, user in users.items() if name not in there]
            Membership.objects.filter(pk__in=gone).delete()
            if coordinates:
                factories.make_member(circle, user=users[coordinates])
            mail.outbox.clear()
            try:
                concern = raised(circle, about_coordination=about)
            except concerns.NobodyReads:
                assert not Concern.objects.exists()
                assert not (set(there) - ({coordinates} if about else set()))
            else:
                seen = {user.email for user in users.values() if reads(user, concern)}
                assert seen == {m.to[0] for m in mail.outbox}
                assert seen
            tried += 1
            transaction.set_rollback(True)
    assert tried == 48


def test_an_access_that_has_ended_reads_nothing(circle, department):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    trust(department)
    former = trust(circle, until=yesterday)
    assert not reads(former, raised(circle))


# --- writing it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
def test_each_side_says_it_with_the_name_or_without(client, tandem, thea, side):
    path = tandem_links.concern_path(tandem, side)
    for with_name in ("no", "yes"):
        sent = client.post(path, {"text": f"{WORDS} {with_name}", "with_name": with_name})
        assert sent.status_code == 302, sent.content.decode()
    silent, named = Concern.objects.order_by("pk")
    assert (silent.who, silent.name, silent.email, silent.phone) == ("", "", "", "")
    own = tandem.request if side == Side.NEWCOMER else tandem.application
    assert (named.who, named.name, named.email) == (side.value, own.name, own.email)
    assert silent.tandem == named.tandem == tandem
    assert {m.to[0] for m in mail.outbox} == {thea.email}


def test_what_a_box_means_stands_below_it(client, office):
    """„Dann liest es niemand …“ says nothing before one has read what the box is for."""
    trust(office)
    page = client.get(reverse("volunteers:concern")).text
    box, meaning = "Es geht auch um die Koordination", "Dann liest es niemand"
    assert 0 < page.index(box) < page.index(meaning)


def test_a_teacher_writes_about_a_programme_and_follows_it_by_a_link(client, circle, thea):
    factories.make_programme(organisation=circle, slug="paten")
    path = reverse("volunteers:concern_about", args=["paten"])
    form = {"text": WORDS, "who": "school", "name": "Frau Blau", "email": "blau@example.org"}
    assert client.post(path, form).status_code == 302
    concern = Concern.objects.get()
    assert (concern.organisation, concern.who, concern.name) == (circle, "school", "Frau Blau")
    (message,) = [m for m in mail.outbox if m.to == ["blau@example.org"]]
    state = concern_links.state_url(concern)
    assert state in message.body
    page = client.get(state).content.decode()
    assert "angekommen" in page
    assert "Geld" not in page + message.body + message.subject
    assert "Blau" not in page


def test_without_a_name_the_address_gets_the_link_and_is_not_kept(client, office):
    trust(office)
    form = {"text": WORDS, "email": "nachbarin@example.org"}
    assert client.post(reverse("volunteers:concern"), form).status_code == 302
    assert Concern.objects.get().email == ""
    assert any(m.to == ["nachbarin@example.org"] for m in mail.outbox)


def test_where_nobody_would_read_it_the_page_says_whom_to_call_and_takes_nothing(
    client, circle, office, tandem
):
    office.phone = "0711 216-1"
    office.save()
    for path in (tandem_links.concern_path(tandem, Side.NEWCOMER), reverse("volunteers:concern")):
        for response in (client.get(path), client.post(path, {"text": WORDS, "with_name": "no"})):
            text = response.content.decode()
            assert "Bitte rufen Sie an" in text
            assert "0711 216-1" in text
            assert "<textarea" not in text
    assert not Concern.objects.exists()


def test_about_the_coordination_with_nobody_else_keeps_what_was_typed(
    client, circle, office, tandem
):
    factories.make_member(circle, user=trust(office))
    path = tandem_links.concern_path(tandem, Side.NEWCOMER)
    form = {"text": WORDS, "with_name": "no", "about_coordination": "on"}
    response = client.post(path, form)
    assert response.status_code == 422
    assert WORDS in response.content.decode()
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 4001, "a\x00b", "<b>x</b>", "\u202etxt", "مساعدة", "\r\n"]
)
def test_odd_input_gets_a_sentence_or_is_kept_as_it_is(client, office, text):
    thea = trust(office)
    response = client.post(
        reverse("volunteers:concern"), {"text": text, "who": "x" if not text else ""}
    )
    assert response.status_code in {302, 422}
    if response.status_code == 302:
        concern = Concern.objects.get()
        assert "<b>" not in opened(client, thea, concern).content.decode()


def test_a_double_click_is_one_concern(client, tandem, thea):
    path = tandem_links.concern_path(tandem, Side.NEWCOMER)
    for _click in range(2):
        client.post(path, {"text": WORDS, "with_name": "yes"})
    assert Concern.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_concern(circle, thea):
    at_once(*[lambda: raised(circle)] * 3)
    assert Concern.objects.count() == 1


def test_a_bot_gets_thanks_and_leaves_nothing(client, office):
    trust(office)
    form = {"text": WORDS, "website": "https://spam.example"}
    assert client.post(reverse("volunteers:concern"), form).status_code == 302
    assert not Concern.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("status", ["proposed", "running", "ended"])
def test_every_page_of_a_tandem_leads_there(client, tandem, side, status):
    over = {"end_reason": "moved", "ended_on": timezone.localdate()} if status == "ended" else {}
    type(tandem).objects.update(status=status, **over)
    path = tandem_links.concern_path(tandem, side)
    pages = [tandem_links.page_of(tandem, side), tandem_links.answer_path(tandem, side)]
    pages += [tandem_links.end_path(tandem, side), tandem_links.support_path(tandem, side)]
    for page in pages:
        assert path in client.get(page).content.decode(), page


@pytest.mark.parametrize("page", ["form", "thanks", "nobody", "state"])
def test_every_page_of_a_concern_dials_the_emergency_numbers(client, circle, office, page):
    if page != "nobody":
        trust(office)
    url = reverse("volunteers:concern_done" if page == "thanks" else "volunteers:concern")
    if page == "state":
        url = concern_links.state_url(raised(circle))
    said = client.get(url).content.decode()
    assert '<a class="phone" href="tel:110" dir="ltr">110</a>' in said
    assert '<a class="phone" href="tel:112" dir="ltr">112</a>' in said


def test_every_public_page_leads_to_the_form_for_others(client):
    assert reverse("volunteers:concern") in client.get("/").content.decode()


# --- reading it ---------------------------------------------------------------------------------


def test_reading_is_logged_once_a_day_and_shows_the_reporter_only_the_word(client, circle, thea):
    concern = raised(circle)
    for _time in range(2):
        page = opened(client, thea, concern).content.decode()
        assert ">gelesen</span>" in page, "also the first time"
    assert WORDS in page
    concern.refresh_from_db()
    assert concern.state == "read"
    assert [(n.kind, n.by) for n in concern.notes.all()] == [("read", thea)]
    assert "gelesen" in client.get(concern_links.state_url(concern)).content.decode()


def step(client, concern, name, **data):
    return client.post(reverse("admin:volunteers_concern_step", args=[concern.pk, name]), data)


@pytest.mark.slow
def test_notes_hold_and_close_go_into_its_own_log_and_nowhere_else(client, circle, tandem, thea):
    concern = raised(circle, tandem=tandem)
    opened(client, thea, concern)
    assert step(client, concern, "notiz", text="Angerufen.").status_code == 302
    step(client, concern, "anhalten")
    tandem.refresh_from_db()
    assert tandem.hold == "trust"
    step(client, concern, "weiter")
    step(client, concern, "erledigt", text="Geklärt.")
    concern.refresh_from_db()
    assert (concern.state, concern.done_at is not None) == ("done", True)
    kinds = ["read", "note", "held", "let_go", "done"]
    assert [note.kind for note in concern.notes.all()] == kinds
    assert not LogEntry.objects.exists()
    step(client, concern, "wieder-offen")
    concern.refresh_from_db()
    assert concern.state == "in_hand"


def test_an_empty_note_is_refused_and_odd_steps_are_404(client, circle, thea):
    concern = raised(circle)
    opened(client, thea, concern)
    assert step(client, concern, "notiz", text=" ").status_code == 422
    assert step(client, concern, "gibt-es-nicht").status_code == 404
    assert step(client, concern, "anhalten").status_code == 302  # no tandem: a sentence
    assert {n.kind for n in concern.notes.all()} == {"read"}


@pytest.mark.slow
def test_the_list_holds_no_word_of_it_and_asks_the_same_for_1_and_30(
    client, circle, thea, django_assert_max_num_queries
):
    raised(circle, name="Ben Blau")
    client.force_login(thea)
    url = reverse("admin:volunteers_concern_changelist")
    client.get(url)
    for number in range(29):
        raised(circle, about=str(number))
    with django_assert_max_num_queries(10):
        page = client.get(url).content.decode()
    assert "Geld" not in page
    assert "Blau" not in page
    assert client.get(f"{url}?q=Geld").status_code in {200, 302}
    assert "searchbar" not in page


def test_mails_say_that_there_is_something_to_read_and_nothing_else(circle, tandem, thea):
    raised(circle, tandem=tandem, name="Ben Blau", email="ben@example.org")
    (message,) = mail.outbox
    for secret in ("Geld", "Blau", "ben@", "Samira", "Amira", "Tandem"):
        assert secret not in message.body + message.subject


@pytest.mark.slow
def test_the_worklist_of_a_person_of_trust_counts_it_and_nobody_elses_does(circle, thea):
    raised(circle)
    coordinator = factories.make_member(circle).user
    assert [tile.count for tile in open_points(thea)] == [1]
    assert "Hinweis" not in " ".join(tile.label for tile in open_points(coordinator))


@pytest.mark.slow
def test_the_worklist_warns_while_nobody_is_named(circle, department, tandem, client):
    staff = factories.make_member(department, role="staff").user
    portal = factories.make_user("portal@example.org", is_superuser=True)

    def warned(user):
        return any("Vertrauensperson" in tile.label for tile in open_points(user))

    assert warned(staff)
    (tile,) = [one for one in open_points(staff) if "Vertrauensperson" in one.label]
    client.force_login(staff)
    listed = client.get(tile.url).context["cl"].result_list
    assert len(listed) == tile.count
    assert circle in listed
    assert warned(portal)
    assert not warned(factories.make_member(circle).user)
    trust(department)
    assert not warned(staff)
    assert len(OPEN_POINTS) > 5


# --- in time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "by"),
    [
        ("2026-11-27", "2026-11-30"),  # Friday: Monday
        ("2026-12-23", "2026-12-24"),
        ("2026-12-24", "2026-12-28"),  # over Christmas
        ("2027-03-25", "2027-03-30"),  # over Easter
        ("2027-05-05", "2027-05-07"),  # over Himmelfahrt
        ("2027-05-26", "2027-05-28"),  # over Fronleichnam, a holiday in Baden-Württemberg
        ("2027-01-05", "2027-01-07"),
    ],
)
def test_one_working_day(came, by):
    day = datetime.date.fromisoformat
    assert working_days_after(day(came), 1) == day(by)
    assert is_working_day(day(by))


@pytest.mark.slow
def test_what_nobody_has_read_in_time_is_reminded_of_once(circle, thea, client):
    concern = raised(circle)
    late = (
        timezone.localtime()
        + (concern.answer_by - timezone.localdate())
        + datetime.timedelta(days=1)
    )
    mail.outbox.clear()
    with time_machine.travel(late.replace(hour=15), tick=False):
        send_due()
        send_due()
        assert [m.to for m in mail.outbox] == [[thea.email]]
        assert "Geld" not in mail.outbox[0].body
        concern.refresh_from_db()
        assert concern.is_late
        opened(client, thea, concern)
    concern.refresh_from_db()
    assert not concern.is_late


# --- privacy ------------------------------------------------------------------------------------


def test_it_is_deleted_after_its_own_period(circle, thea, settings):
    done, is_open = raised(circle), raised(circle, about="x")
    concerns.close(concern=done, by=thea)
    rule = next(rule for rule in retention.RULES if rule.key == "concerns")
    later = timezone.localtime() + datetime.timedelta(days=31 * settings.KEEP_DONE_CONCERNS_MONTHS)
    with time_machine.travel(later, tick=False):
        assert rule.run() == 1
        assert list(Concern.objects.all()) == [is_open]
    later = timezone.localtime() + datetime.timedelta(days=31 * settings.KEEP_CONCERNS_MONTHS)
    with time_machine.travel(later, tick=False):
        assert rule.run() == 1


@pytest.mark.slow
def test_who_wrote_it_finds_it_under_my_data_and_who_is_named_does_not(circle, tandem, thea):
    concern = raised(
        circle, tandem=tandem, who="newcomer", name="Samira", email=tandem.request.email
    )
    concerns.note(concern=concern, by=thea, text="Geheim")
    theirs, others = person_at(tandem.request.email), person_at(tandem.application.email)
    assert WORDS in told(theirs)
    assert "Geheim" not in told(theirs)
    assert WORDS not in told(others)


def told(person):
    tables = [table for one in disclosure.disclose(person) for table in one.tables]
    return " ".join(cell.text for table in tables for row in table.rows for cell in row)


def test_who_deletes_their_data_leaves_the_concern_without_their_name(circle, tandem, thea):
    email = tandem.request.email
    concern = raised(
        circle, tandem=tandem, who="newcomer", name="Samira", email=email, phone="0711 555"
    )
    erasing.erase_person(person=person_at(email))
    concern.refresh_from_db()
    assert (concern.name, concern.email, concern.phone, concern.tandem) == ("", "", "", None)
    assert concern.text == WORDS


@pytest.mark.slow
def test_nobody_deletes_their_data_while_a_person_of_trust_holds_the_tandem(circle, tandem, thea):
    concern = raised(circle, tandem=tandem)
    concerns.hold_tandem(concern=concern, by=thea)
    with pytest.raises(erasing.HeldForSafety):
        erasing.erase_person(person=person_at(tandem.application.email))
    concerns.let_tandem_go(concern=concern, by=thea)
    erasing.erase_person(person=person_at(tandem.application.email))


@pytest.mark.parametrize(
    "wrong", [{"state": "done"}, {"done_at": timezone.now()}, {"email": "a@example.org"}]
)
def test_the_database_refuses_what_makes_no_sense(circle, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_concern(circle, **wrong)


TO_MEMBERS = {
    "_base",
    "cannot_start",
    "changed_members",
    "need_attention",
    "need_attention_below",
    "needs_support",
    "not_ready",
}
"""Mails about a tandem that go to those who look after it."""


def test_every_mail_to_one_side_of_a_tandem_leads_there():
    files = list((settings.BASE_DIR / "templates/mail/tandems").glob("*.txt"))
    to_sides = [one for one in files if one.stem not in TO_MEMBERS and one.stem[0] != "_"]
    assert len(to_sides) > 5
    for one in to_sides:
        assert one.read_text().startswith('{% extends "mail/tandems/_base.txt" %}'), one
