"""Deleting a person: no trace of them is left, others get their mails, figures stay the same."""

import re
from urllib.parse import urlsplit

import pghistory
import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import ChangeProposal
from programs.history import table_of
from programs.models import Entry, SavedList
from programs.models.organisations import POSTAL
from tests import everything, factories
from tests.people import mailbox, person_at
from tests.volunteers.applications.test_races import at_once
from volunteers.figures import tally
from volunteers.links import my_data as my_data_links
from volunteers.models import (
    Application,
    CompanionRequest,
    ExportRecord,
    OutgoingMail,
    Registration,
    SecurityEvent,
    Tally,
    Tandem,
    User,
    Volunteer,
)
from volunteers.notifications.outbox import delete_delivered
from volunteers.privacy.erasing import erase_application, erase_person
from volunteers.reads.persons import Person
from volunteers.services import tandems

pytestmark = pytest.mark.django_db(transaction=True)

STANDS_IN = {
    "account_emailaddress",
    "django_admin_log",
    "mfa_authenticator",
    "portal_savedsearch",
    "portal_subscription",
    "programs_picture",
    "programs_story",
    "programs_voice",
    "sessions, decoded",
    "volunteers_application",
    "volunteers_certificate",
    "volunteers_checkin",
    "volunteers_companionrequest",
    "volunteers_concern",
    "volunteers_concernnote",
    "volunteers_exportrecord",
    "volunteers_hoursentry",
    "volunteers_invitation",
    "volunteers_message",
    "volunteers_outgoingmail",
    "volunteers_registration",
    "volunteers_statuschange",
    "volunteers_steprecord",
    "volunteers_tandem",
    "volunteers_user",
    "volunteers_volunteer",
}
"""Where the search finds the person before the deletion; this proves that the search works."""
PERSON = Person((everything.EMAIL,), everything.NAME)


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach", places=1)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.mark.slow
def test_nothing_is_left_of_a_deleted_person(run_jobs, smtp_server):
    """Searches every column of every table, and every file, before and after."""
    built = everything.build()
    before = everything.where()
    assert {name.rpartition(".")[2] for name in before if "/" not in name} >= STANDS_IN
    assert any("listimport" in name for name in before)
    erase_person(person=PERSON)
    assert built.client.get("/meine-seite/").status_code == 302
    [last] = OutgoingMail.objects.filter(recipients__contains=[everything.EMAIL])
    assert last.forget
    run_jobs()
    assert [one["Subject"] for one in smtp_server.messages if one["To"] == everything.EMAIL] == [
        "Ihre Daten sind gelöscht"
    ]
    assert everything.where() == {}


# --- What others hear and get -------------------------------------------------------------------


def bodies(to):
    return [one.body for one in mail.outbox if one.to == [to]]


@pytest.mark.slow
def test_coordinators_hear_of_open_applications_by_number_only(circle, katrin):
    application = factories.make_application(circle, everything.NAME, email=everything.EMAIL)
    factories.make_application(
        circle,
        everything.NAME,
        entry=factories.make_entry(organisation=circle),
        volunteer=application.volunteer,
        status="declined",
        decline_reason="Nein",
    )
    erase_person(person=PERSON)
    [body] = bodies(katrin.email)
    assert f"Nr. {application.pk}" in body
    assert "neu" in body
    assert not any(word in body.lower() for word in everything.needles())


@pytest.mark.slow
def test_tandem_ends_for_the_newcomer_and_place_and_seat_go_to_who_waits(circle, katrin):
    application = factories.make_engaged(circle, everything.NAME, email=everything.EMAIL)
    request = factories.make_request("Samira", organisation=circle)
    factories.make_tandem(request, application)
    waiting = factories.make_application(circle, "Ben Wartet", status="waiting")
    evening = factories.make_event(organisation=circle, capacity=1)
    factories.make_registration(evening, everything.NAME, email=everything.EMAIL)
    next_one = factories.make_registration(evening, "Cem", status="waiting")
    erase_person(person=PERSON)
    for one in (request, waiting, next_one):
        one.refresh_from_db()
    assert (request.status, waiting.status, next_one.status) == ("closed", "new", "offered")
    assert "Ihr Tandem ist beendet" in bodies(request.email)[0]
    assert "nachgerückt" in bodies(waiting.email)[0]
    assert not Tandem.objects.exists()


@pytest.mark.slow
def test_newcomer_goes_and_the_volunteer_is_ready_again(circle, katrin):
    application = factories.make_engaged(circle, "Ben Beispiel")
    request = factories.make_request(everything.NAME, organisation=circle, email=everything.EMAIL)
    factories.make_tandem(request, application)
    erase_person(person=PERSON)
    application.refresh_from_db()
    assert application.status == "ready"
    [body] = bodies(application.email)
    assert "Ihr Tandem ist beendet" in body
    [link] = re.findall(r"https?://\S+", body)
    assert link.endswith("/etwas-stimmt-nicht/")
    answer = Client().get(urlsplit(link).path)
    assert answer["Location"] == reverse("volunteers:concern")
    assert f"Nr. {request.pk}" in "".join(bodies(katrin.email))


def test_others_keep_everything(circle, katrin):
    ben = factories.make_engaged(circle, "Ben Beispiel")
    factories.make_hours(ben)
    factories.make_certificate(ben)
    text = ben.messages.create(sender="staff", text=f"Fragen Sie {everything.NAME} oder Xanthia.")
    factories.make_application(circle, everything.NAME, email=everything.EMAIL)
    erase_person(person=PERSON)
    text.refresh_from_db()
    assert text.text == "Fragen Sie (gelöscht) oder Xanthia."
    assert Application.objects.get() == ben
    assert (ben.hours.count(), ben.certificates.count()) == (1, 1)


# --- Figures ------------------------------------------------------------------------------------


def figures():
    return {
        kind: tally.counts(kind, *tally.KEYS, live=source.model.objects.all())
        for kind, source in tally.SOURCES.items()
    }


@pytest.mark.slow
def test_figures_are_the_same_before_and_after(client, run_jobs):
    """Live records and counts together, by organisation, entry, district, month and outcome."""
    built = everything.build()
    before = figures()
    assert all(before.values())
    client.force_login(factories.make_user("adm@example.org", is_superuser=True))
    address = reverse("admin:volunteers_hoursentry_totals") + "?zaehlen=alle&jahr=alle"
    rows = sorted(map(str, client.get(address).context["rows"]))
    erase_person(person=PERSON)
    after = figures()
    # A tandem that the deletion ended counts as ended if the other side's record still exists.
    changed = {"companion_request": "request of the other side", "application": "waiting list"}
    ended = sum(one.number for one in after.pop("tandem_end").values())
    assert ended > sum(one.number for one in before.pop("tandem_end").values())  # two run no longer
    for kind in before:
        assert totals_of(after[kind]) == totals_of(before[kind]), kind
        if kind not in changed:
            assert after[kind] == before[kind], kind
    assert sorted(map(str, client.get(address).context["rows"])) == rows
    assert not Tally.objects.filter(kind="hours", hours=0).exists()
    assert built.placed.pk not in set(Application.objects.values_list("pk", flat=True))


def totals_of(counted):
    """Totals by every key except the outcome."""
    sums = {}
    for key, one in counted.items():
        sums[key[:-1]] = sums.get(key[:-1], 0) + one.number
    return sums


@pytest.mark.slow
def test_two_deletions_at_once_are_both_counted(circle):
    people = [factories.make_application(circle, f"Person {n}", entry=None) for n in range(4)]
    at_once(*(lambda p=one: erase_person(person=person_at(p.email), tell=False) for one in people))
    [row] = Tally.objects.all()
    assert (row.kind, row.count) == ("application", 4)
    assert not Application.objects.exists()


def test_count_stands_once_for_each_key(circle):
    values = {"kind": "tandem", "organisation": circle, "month": "2026-11-01", "outcome": "ended"}
    Tally.objects.create(**values)
    with pytest.raises(IntegrityError, match="tally_one_row_a_count"), transaction.atomic():
        Tally.objects.create(**values)
    with pytest.raises(IntegrityError, match="tally_month_is_a_first_day"), transaction.atomic():
        Tally.objects.create(**values | {"month": "2026-11-02"})


# --- At the same moment -------------------------------------------------------------------------


@pytest.mark.slow
def test_deletion_and_proposal_at_once_leave_no_half_tandem(circle, katrin):
    for number in range(3):
        email = f"x{number}@example.org"
        application = factories.make_ready(circle, f"Xaver {number}", email=email, entry=None)
        request = factories.make_request("Samira", organisation=circle)
        results = at_once(
            lambda e=email: erase_person(person=person_at(e), tell=False),
            lambda r=request, a=application: propose_or_gone(r, a),
        )
        assert results[0] is None
        assert not Application.objects.filter(email=email).exists()
        assert not Tandem.objects.filter(request=request).exists()
        request.refresh_from_db()
        assert request.status == "open"


def propose_or_gone(request, application):
    try:
        tandems.propose(request=request, application=application)
    except ObjectDoesNotExist:
        return


@pytest.mark.slow
def test_double_click_deletes_once(circle):
    factories.make_application(circle, everything.NAME, email=everything.EMAIL)
    at_once(*[lambda: erase_person(person=PERSON)] * 3)
    assert not Application.objects.exists()
    assert Tally.objects.get().count == 1
    assert SecurityEvent.objects.filter(kind="deletion").count() == 1


# --- Accounts -----------------------------------------------------------------------------------


def account(email=everything.EMAIL, **fields):
    user = factories.make_user(email, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    return user, client


def erase_address(email=everything.EMAIL):
    return reverse("volunteers:my_data_erase", args=[my_data_links.token_for(mailbox(email))])


@pytest.mark.slow
def test_member_deletes_the_account_and_what_they_did_stays_without_their_name(circle):
    user, client = account(name=everything.NAME)
    factories.make_member(circle, user)
    other = factories.make_engaged(circle, "Ben Beispiel")
    check = factories.make_conduct_check(other, user)
    hours = factories.make_hours(other, by=user)
    assert "Ihr Zugang zur Verwaltung endet" in client.get(erase_address()).content.decode()
    response = client.post(erase_address())
    assert response.url == reverse("volunteers:my_data_erased")
    assert client.get(response.url).status_code == 200
    assert client.get("/meine-seite/").status_code == 302
    check.refresh_from_db()
    hours.refresh_from_db()
    assert (check.seen_by, hours.confirmed_by) == (None, None)
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.slow
def test_mailed_link_alone_does_not_delete_an_account_of_the_administration(circle):
    user, _client = account()
    factories.make_member(circle, user)
    factories.make_application(circle, everything.NAME, email=everything.EMAIL)
    page = Client().get(erase_address()).content.decode()
    assert "ein Link allein genügt dafür nicht" in page
    assert Client().post(erase_address()).status_code == 302
    assert User.objects.filter(pk=user.pk).exists()
    assert not Application.objects.exists()


@pytest.mark.slow
def test_last_administrator_stays(circle):
    _user, client = account(is_superuser=True)
    response = client.post(erase_address())
    assert response.status_code == 422
    assert "die einzige Portalverwaltung" in response.content.decode()
    factories.make_user("adm@example.org", is_superuser=True)
    assert client.post(erase_address()).status_code == 302
    assert User.objects.get().email == "adm@example.org"


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_page_says_what_goes_and_stays_and_only_the_button_deletes(circle):
    everything_of_one = factories.make_engaged(circle, everything.NAME, email=everything.EMAIL)
    factories.make_certificate(everything_of_one)
    page = Client().get(erase_address()).content.decode()
    for words in (
        "1 Anmeldung",
        "1 Engagementnachweis",
        "niemand kann sie hier mehr prüfen",
        "bis sie zugestellt ist",
        "90 Tage",
        "Listen, die eine Organisation vorher mitgenommen hat",
    ):
        assert words in page
    assert Application.objects.count() == 1
    assert Client().post(erase_address()).status_code == 302
    assert Application.objects.count() == 0
    assert [one.subject for one in mail.outbox if one.to == [everything.EMAIL]] == [
        "Ihre Daten sind gelöscht"
    ]
    assert Client().post(erase_address()).status_code == 410
    [event] = SecurityEvent.objects.filter(kind="deletion")
    assert event.about.startswith("volunteer ")


@pytest.mark.slow
def test_whoever_only_came_to_an_event_can_go(circle):
    factories.make_registration(
        factories.make_event(organisation=circle), everything.NAME, email=everything.EMAIL
    )
    assert Client().post(erase_address()).status_code == 302
    assert not Registration.objects.exists()
    assert Tally.objects.get().kind == "registration"


@pytest.mark.slow
def test_portalverwaltung_deletes_for_somebody_who_called(circle, client):
    administrator = factories.make_user("adm@example.org", is_superuser=True)
    client.force_login(administrator)
    volunteer = factories.make_application(
        circle, everything.NAME, email=everything.EMAIL
    ).volunteer
    change = reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])
    address = reverse("admin:volunteers_volunteer_delete", args=[volunteer.pk])
    assert "Daten dieser Person löschen" in client.get(change).content.decode()
    assert "Sofort gelöscht wird" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert not Volunteer.objects.exists()
    assert SecurityEvent.objects.get(kind="deletion").by == administrator


@pytest.mark.slow
def test_portalverwaltung_deletes_a_newcomer_without_an_address(circle, client):
    client.force_login(factories.make_user("adm@example.org", is_superuser=True))
    request = factories.make_request(
        "Xanthi", email="", phone=everything.PHONE, organisation=circle
    )
    other = factories.make_application(circle)
    note = other.messages.create(sender="staff", text=f"Bitte {everything.PHONE} anrufen")
    address = reverse("admin:volunteers_companionrequest_delete", args=[request.pk])
    assert client.post(address).status_code == 302
    note.refresh_from_db()
    assert note.text == "Bitte (gelöscht) anrufen"
    assert list(Application.objects.all()) == [other]


# --- One record, for retention ------------------------------------------------------------------


def test_application_goes_and_certificate_and_profile_stay(circle):
    application = factories.make_engaged(circle, everything.NAME, email=everything.EMAIL)
    factories.make_hours(application, "3")
    certificate = factories.make_certificate(application)
    request = factories.make_request("Samira", organisation=circle, status="closed")
    factories.make_tandem(
        request, application, status="ended", ended_on=timezone.localdate(), end_reason="moved"
    )
    due = Application.objects.all()
    assert erase_application(application=application.pk, due=due)
    certificate.refresh_from_db()
    assert certificate.application is None
    assert Volunteer.objects.get().certificates.get() == certificate
    kinds = dict(Tally.objects.values_list("kind", "count"))
    counted = ("application", "hours", "placement", "tandem", "tandem_end")
    assert kinds == dict.fromkeys(counted, 1)
    assert Tally.objects.get(kind="hours").hours == 3
    assert not erase_application(application=application.pk, due=due)
    assert dict(Tally.objects.values_list("kind", "count")) == kinds


def test_unconfirmed_ones_are_not_counted(circle):
    application = factories.make_application(circle, status="unconfirmed", confirmed_at=None)
    assert erase_application(application=application.pk, due=Application.objects.all())
    assert not Tally.objects.exists()


@pytest.mark.slow
def test_mail_that_nobody_took_is_forgotten_after_a_week(queued_mail, time_machine, circle):
    time_machine.move_to("2026-11-22 12:00:00+01:00", tick=False)
    event = factories.make_event(organisation=circle)
    factories.make_registration(event, everything.NAME, email=everything.EMAIL)
    erase_person(person=PERSON)
    assert OutgoingMail.objects.get().forget
    assert delete_delivered() == 0
    time_machine.move_to("2026-11-30 12:00:00+01:00", tick=False)
    assert delete_delivered() == 1


def test_a_full_column_keeps_nobody_from_being_deleted(circle):
    """What stands in place of a short name is longer than it."""
    li = factories.make_application(circle, "Li Wu", email="li@example.org")
    name = "Team von Li Wu ".ljust(120, "x")
    ben = factories.make_application(circle, "Ben Blum", group_size=5, group_name=name)
    hours = factories.make_hours(ben, "1", what="mit Li Wu ".ljust(200, "x"))
    erase_person(person=person_at(li.email))
    ben.refresh_from_db()
    hours.refresh_from_db()
    assert ben.group_name.startswith("Team von (gelöscht) xx")
    assert hours.what.startswith("mit (gelöscht) xx")


# --- Whom a deletion must not touch -------------------------------------------------------------


def erase_by_link(email):
    path = reverse("volunteers:my_data_erase", args=[my_data_links.token_for(mailbox(email))])
    return Client().post(path)


@pytest.mark.slow
def test_unconfirmed_name_and_number_wipe_nothing_out_of_the_texts_of_others(circle):
    """Anybody may sign up as „Guten Tag“, phone „der“, and delete that at once."""
    lena = factories.make_application(circle, "Lena Ott", message="Guten Tag, der Abend passt mir.")
    Application.objects.create(
        organisation=circle, name="Guten Tag", email="mallory@example.org", phone="der"
    )
    text = b"Subject: Zusage\n\nGuten Tag, der Termin steht."
    OutgoingMail.objects.create(recipients=[lena.email], subject="Zusage", content=text)
    assert erase_by_link("mallory@example.org").status_code == 302
    lena.refresh_from_db()
    assert lena.message == "Guten Tag, der Abend passt mir."
    assert OutgoingMail.objects.filter(subject="Zusage").exists()
    assert not Application.objects.filter(email="mallory@example.org").exists()


@pytest.mark.slow
def test_words_instead_of_a_number_are_not_searched_for(circle):
    lena = factories.make_application(circle, "Lena Ott", message="der Abend passt mir.")
    factories.make_application(circle, "Mallory", email="mallory@example.org", phone="der")
    erase_by_link("mallory@example.org")
    lena.refresh_from_db()
    assert lena.message == "der Abend passt mir."


@pytest.mark.slow
def test_address_that_ends_like_another_is_not_taken_for_it(circle):
    lena = factories.make_application(circle, "Lena Ott", message="Bitte an lena.ott@example.org.")
    max_ = factories.make_application(circle, "Max", message="Nicht mehr an ott@example.org.")
    factories.make_application(circle, "Ott", email="ott@example.org")
    erase_by_link("ott@example.org")
    lena.refresh_from_db()
    max_.refresh_from_db()
    assert lena.message == "Bitte an lena.ott@example.org."
    assert "ott@" not in max_.message


@pytest.mark.slow
def test_link_to_a_second_address_leaves_the_account_that_works_in_the_administration(circle):
    katrin = factories.make_member(circle).user
    EmailAddress.objects.create(user=katrin, email="info@verein.example", verified=True)
    factories.make_application(circle, katrin.name, email="info@verein.example")
    assert erase_by_link("info@verein.example").status_code == 302
    assert User.objects.filter(pk=katrin.pk).exists()
    assert not Application.objects.exists()


def test_no_address_belongs_to_nobody(circle):
    """Several people who look for a companion have no address."""
    factories.make_request("Samira", email="", phone="0711 123456", organisation=circle)
    assert erase_by_link("").status_code == 410
    assert CompanionRequest.objects.count() == 1


@pytest.fixture
def west():
    return factories.make_circle("Freundeskreis West")


def named_guten_tag(organisation, **fields):
    """A confirmed person with the name „Guten Tag“, with which many letters begin."""
    return factories.make_application(
        organisation, "Guten Tag", email="mallory@example.org", **fields
    )


@pytest.mark.slow
def test_name_wipes_nothing_where_nobody_knew_the_person(circle, west):
    lena = factories.make_application(circle, "Lena Ott", message="Guten Tag, ich bin Lena.")
    request = factories.make_request("Samira", organisation=circle, note="Guten Tag!")
    note = factories.make_change(lena, "new", note="Guten Tag gesagt")
    named_guten_tag(west)
    Application.objects.create(  # an unconfirmed one does not count
        organisation=circle, name="Guten Tag", email="mallory@example.org"
    )
    assert erase_by_link("mallory@example.org").status_code == 302
    for one in (lena, request, note):
        one.refresh_from_db()
    assert (lena.message, request.note) == ("Guten Tag, ich bin Lena.", "Guten Tag!")
    assert note.note == "Guten Tag gesagt"


@pytest.mark.slow
def test_address_and_number_are_wiped_everywhere(circle, west):
    lena = factories.make_application(
        circle, "Lena Ott", message="mallory@example.org oder 0711 987654, nicht 0711 987654 3."
    )
    named_guten_tag(west, phone="0711 987654")
    erase_by_link("mallory@example.org")
    lena.refresh_from_db()
    assert lena.message == "(gelöscht) oder (gelöscht), nicht 0711 987654 3."


@pytest.mark.slow
@pytest.mark.parametrize("phone", ["12345", "22.11.2026", "2026-11-22", "18:00-20:00"])
def test_few_digits_and_dates_are_no_phone_numbers(circle, phone):
    lena = factories.make_application(circle, "Lena Ott", message=f"Am {phone} passt es.")
    named_guten_tag(circle, phone=phone)
    erase_by_link("mallory@example.org")
    lena.refresh_from_db()
    assert lena.message == f"Am {phone} passt es."


def test_other_side_of_a_tandem_forgets_the_name_wherever_they_are_looked_after(circle, west):
    ben = factories.make_engaged(west, "Ben Beispiel")
    text = ben.messages.create(sender="applicant", text=f"Ich traf {everything.NAME}.")
    request = factories.make_request(everything.NAME, organisation=circle, email=everything.EMAIL)
    factories.make_tandem(request, ben)
    erase_person(person=PERSON)
    text.refresh_from_db()
    assert text.text == "Ich traf (gelöscht)."


def test_what_the_sozialamt_looks_after_belongs_to_it(circle):
    other = factories.make_request("Samira", organisation=None, note=f"Kennt {everything.NAME}")
    factories.make_request(everything.NAME, organisation=None, email=everything.EMAIL)
    erase_person(person=PERSON)
    other.refresh_from_db()
    assert other.note == "Kennt (gelöscht)"


def test_organisation_that_passed_the_application_on_forgets_the_name(circle, west):
    ali = factories.make_application(west, "Ali Anders", message=f"Mit {everything.NAME}")
    handed = factories.make_application(
        circle,
        everything.NAME,
        email=everything.EMAIL,
        entry=factories.make_entry(organisation=west),
    )
    factories.make_change(handed, "new", organisation=circle)
    erase_person(person=PERSON)
    ali.refresh_from_db()
    assert ali.message == "Mit (gelöscht)"


@pytest.mark.slow
def test_mails_to_others_on_their_way_arrive_and_are_forgotten_then(circle, west):
    named_guten_tag(west)
    fields = {"subject": "Zusage", "content": b"Subject: Zusage\n\nGuten Tag, der Termin steht."}
    waiting = OutgoingMail.objects.create(recipients=["lena@example.org"], **fields)
    exact = b"Subject: Neu\n\nBitte mallory@example.org schreiben."
    named = OutgoingMail.objects.create(recipients=["b@example.org"], subject="Neu", content=exact)
    to_person = OutgoingMail.objects.create(recipients=["mallory@example.org"], **fields)
    sent = OutgoingMail.objects.create(
        recipients=["lena@example.org"], sent_at=timezone.now(), **fields
    )
    erase_by_link("mallory@example.org")
    left = OutgoingMail.objects.filter(pk__in=[waiting.pk, named.pk, to_person.pk, sent.pk])
    assert dict(left.values_list("pk", "forget")) == {waiting.pk: True, named.pk: True}


def log_entry(by, record, words):
    return LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(record.pk),
        object_repr=words,
        action_flag=CHANGE,
    )


@pytest.mark.slow
def test_log_loses_the_name_only_about_records_of_these_organisations(circle, west, katrin):
    own = named_guten_tag(west)
    foreign = log_entry(katrin, factories.make_application(circle), "Guten Tag · Anmeldung")
    here = log_entry(katrin, factories.make_application(west), "Guten Tag · Anmeldung")
    offer = log_entry(katrin, factories.make_entry(organisation=west), "Mit Guten Tag")
    renamed = log_entry(katrin, own, "Anders")
    exact = log_entry(katrin, circle, "Liste mit mallory@example.org")
    erase_by_link("mallory@example.org")
    for one in (foreign, here, offer, renamed, exact):
        one.refresh_from_db()
    assert foreign.object_repr == "Guten Tag · Anmeldung"
    assert {one.object_repr for one in (here, offer, renamed, exact)} == {"(gelöscht)"}


def test_log_loses_the_name_about_a_role_that_has_ended_long_ago(circle, katrin):
    user, _client = account(name=everything.NAME)
    membership = factories.make_member(circle, user)
    entry = log_entry(katrin, membership, f"{everything.NAME} · {circle}")
    membership.delete()
    erase_person(person=PERSON)
    entry.refresh_from_db()
    assert entry.object_repr == "(gelöscht)"


@pytest.mark.slow
def test_exports_of_others_keep_what_they_were_for(circle, west, katrin):
    at_west = factories.make_member(west).user
    named_guten_tag(west)
    fields = {"what": "Anmeldungen", "format": "csv", "rows": 1, "purpose": "Guten Start planen"}
    foreign = ExportRecord.objects.create(by=katrin, **fields)
    own = ExportRecord.objects.create(by=at_west, **fields)
    erase_by_link("mallory@example.org")
    foreign.refresh_from_db()
    own.refresh_from_db()
    assert foreign.purpose == "Guten Start planen"
    assert own.purpose == "(gelöscht) Start planen"


@pytest.mark.slow
def test_session_that_holds_the_name_goes_on(circle, west, katrin):
    client = Client()
    client.force_login(katrin)
    session = client.session
    session["said"] = "Guten Tag"
    session.save()
    named_guten_tag(west)
    erase_by_link("mallory@example.org")
    assert client.get("/meine-seite/").status_code == 200


@pytest.mark.slow
def test_entries_of_a_deleted_account_go_and_the_history_keeps_its_number(circle):
    user, client = account(name=everything.NAME)
    factories.make_member(circle, user)
    entry = log_entry(user, circle, "Freundeskreis Feuerbach")
    with pghistory.context(user=user.pk):
        circle.title = "Freundeskreis Neu"
        circle.save()
    assert client.post(erase_address()).status_code == 302
    assert not LogEntry.objects.filter(pk=entry.pk).exists()
    [change] = QuerySet(table_of(Entry)).filter(pgh_context__user=user.pk)
    assert (change.pgh_obj_id, change.title) == (circle.pk, "Freundeskreis Neu")
    assert QuerySet(table_of(User)).filter(pgh_obj_id=user.pk, pgh_label="delete").exists()


@pytest.mark.slow
def test_address_for_questions_about_an_entry_goes_with_the_person_whose_it_is(circle):
    one = factories.make_application(circle, "Ben Weber")
    circle.contact_email = one.email.upper()
    circle.save()
    other = factories.make_circle("Freundeskreis Süd", contact_email=f"x{one.email}")
    told = ChangeProposal.objects.create(entry=other, note=f"Schreiben Sie an {one.email}.")
    Client().post(erase_address(one.email))
    for record in (circle, other, told):
        record.refresh_from_db()
    assert (circle.contact_email, other.contact_email, told.note) == ("", f"x{one.email}", "")


@pytest.mark.slow
def test_home_to_which_an_organisation_gets_letters_goes_with_the_person(circle, west):
    """Only where the person is known: elsewhere the name may be somebody else's."""
    where = {"post_street": "Gasse 1", "post_code": "70173", "post_city": "Stuttgart"}
    one = factories.make_application(circle, "Ben Weber")
    for organisation in (circle, west):
        for name, value in {"post_to": "bei Ben Weber", **where}.items():
            setattr(organisation, name, value)
        organisation.save()
    Client().post(erase_address(one.email))
    circle.refresh_from_db()
    west.refresh_from_db()
    assert [getattr(circle, name) for name in POSTAL] == ["", "", "", ""]
    assert west.post_to == "bei Ben Weber"


@pytest.mark.slow
def test_saved_lists_that_search_for_the_person_go(circle, west, katrin):
    one = factories.make_application(circle, "Ben Weber", email="ben@example.org")
    foreign = factories.make_member(west).user

    def saved(owner, name, search=""):
        SavedList.objects.create(
            owner=owner, name=name, model="volunteers.application", search=search
        )

    saved(katrin, "Weber", search="weber")
    saved(katrin, "Notiz zu Ben Weber")
    saved(katrin, "Kreise an der Weberstraße")
    saved(katrin, "Koch", search="Koch")
    saved(foreign, "Anderer Weber", search="Weber")
    saved(foreign, "Dieser", search="ben@example.org")
    Client().post(erase_address(one.email))
    left = set(SavedList.objects.values_list("name", flat=True))
    assert left == {"Kreise an der Weberstraße", "Koch", "Anderer Weber"}
