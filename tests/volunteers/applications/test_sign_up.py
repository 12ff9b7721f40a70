"""Signing up without an account: services and pages on the real database."""

import datetime
import re
from urllib.parse import urlparse

import pytest
import time_machine
from django.core import mail
from django.core.signing import Signer
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.errors import NoFreePlace, NotOpen, ReasonMissing, TransitionNotAllowed
from volunteers.links import applications as application_links
from volunteers.models import Application, Consent, StatusChange, Volunteer
from volunteers.models.statuses import CLOSED, TRANSITIONS, Status
from volunteers.reads.answering import answering_organisation
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db

AMINA = {
    "name": "Amina Yılmaz",
    "email": "Amina@Example.org",
    "age": "adult",
    "consent": "on",
}


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def cafe(office):
    return factories.make_entry(title="Sprachcafé", organisation=office, places=2)


def sign_up_data(**changes):
    values = {"email": "amina@example.org", "name": "Amina Yılmaz", "age": "adult"}
    return {**values, **changes}


def submit(entry, **changes):
    services.submit_application(entry=entry, answers=sign_up_data(**changes))
    return Application.objects.latest("pk")


def confirmed(entry, **changes):
    return services.confirm_application(application=submit(entry, **changes))


def links_in(message):
    return [urlparse(url).path for url in re.findall(r"https?://\S+", message.body)]


def post(client, url, **changes):
    return client.post(url, {**AMINA, **changes})


@pytest.mark.slow
def test_sign_up_is_unconfirmed_until_the_click_and_then_new(client, cafe):
    assert post(client, reverse("volunteers:sign_up_entry", args=[cafe.slug])).status_code == 302
    application = Application.objects.get()
    assert (application.status, application.email) == (Status.UNCONFIRMED, "amina@example.org")
    (path,) = links_in(mail.outbox[0])

    assert client.get(path).status_code == 200
    application.refresh_from_db()
    assert application.status == Status.UNCONFIRMED, "opening the link must not confirm"

    response = client.post(path)
    application.refresh_from_db()
    assert application.status == Status.NEW
    assert response.headers["Location"] == application_links.status_path(application)
    assert application.volunteer == Volunteer.objects.get(email="amina@example.org")
    assert client.get(application_links.status_path(application)).status_code == 200
    assert [c.status for c in application.changes.all()] == [Status.UNCONFIRMED, Status.NEW]


def test_confirmation_link_works_once(client, cafe):
    application = submit(cafe)
    path = urlparse(application_links.confirm_url(application)).path
    assert client.post(path)["Location"] == client.post(path)["Location"]
    assert Application.objects.get().changes.count() == 2


def test_link_of_an_offer_that_closed_still_asks_and_the_click_says_that_it_is_closed(client, cafe):
    application = submit(cafe)
    (path,) = links_in(mail.outbox[0])
    cafe.status = cafe.Status.PAUSED
    cafe.save()
    assert client.get(path).status_code == 200
    response = client.post(path)
    assert response.status_code == 410
    assert "nimmt im Moment niemanden auf" in response.content.decode()
    application.refresh_from_db()
    assert application.is_unconfirmed


@pytest.mark.slow
def test_confirmation_link_expires_after_seven_days(client, cafe):
    path = urlparse(application_links.confirm_url(submit(cafe))).path
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(days=6, hours=23), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now + datetime.timedelta(days=7, minutes=1), tick=False):
        assert client.post(path).status_code == 410
    assert Application.objects.get().status == Status.UNCONFIRMED


def test_unconfirmed_ones_are_deleted_after_seven_days_and_others_stay(cafe):
    submit(cafe)
    kept = confirmed(cafe, email="ben@example.org")
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(days=6), tick=False):
        services.delete_expired_applications()
        assert Application.objects.count() == 2
    with time_machine.travel(now + datetime.timedelta(days=8), tick=False):
        services.delete_expired_applications()
    assert list(Application.objects.all()) == [kept]


@pytest.mark.parametrize("token", ["x", "x:y:z", "%00", "a" * 5000, "ümlaut", "1:2"])
def test_tampered_links_are_not_found(client, office, token):
    for name in ("confirm", "status", "revise", "withdraw"):
        assert client.get(reverse(f"volunteers:{name}", args=[token])).status_code == 404


def test_link_of_one_purpose_opens_no_other_page(client, cafe):
    application = confirmed(cafe)
    foreign = Signer(salt="something.else").sign(str(application.public_id))
    assert client.get(reverse("volunteers:status", args=[foreign])).status_code == 404
    confirm_token = urlparse(application_links.confirm_url(application)).path.split("/")[-2]
    assert client.get(reverse("volunteers:status", args=[confirm_token])).status_code == 404


def test_same_person_twice_gets_the_same_answer_and_one_record(client, cafe):
    url = reverse("volunteers:sign_up_entry", args=[cafe.slug])
    first = post(client, url)
    second = post(client, url, name="amina yilmaz")
    assert (first.status_code, first.headers["Location"]) == (
        second.status_code,
        second.headers["Location"],
    )
    assert Application.objects.get().name == "amina yilmaz"
    assert len(mail.outbox) == 1, "the link is not mailed twice within ten minutes"


def test_known_confirmed_person_gets_the_same_page_and_keeps_the_record(client, cafe):
    application = confirmed(cafe)
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(minutes=11), tick=False):
        response = post(
            client, reverse("volunteers:sign_up_entry", args=[cafe.slug]), name="amina yilmaz"
        )
    assert response.headers["Location"] == reverse("volunteers:sign_up_done")
    application.refresh_from_db()
    assert application.name == "Amina Yılmaz"
    assert links_in(mail.outbox[-1]) == [application_links.status_path(application)]


def test_mail_to_an_unconfirmed_address_repeats_nothing_that_was_typed(client, office):
    post(client, reverse("volunteers:sign_up"), name="KAUFT JETZT", message="http://spam.example")
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "KAUFT" not in text
    assert "spam" not in text


def test_without_an_entry_the_clearing_office_answers(office):
    assert submit(None).organisation == office


def test_department_answers_while_the_organisation_has_nobody(office):
    circle = factories.make_circle(title="Freundeskreis Nord", department=office)
    assert answering_organisation(circle) == office
    factories.make_member(circle)
    assert answering_organisation(circle) == circle


def test_page_says_when_the_department_stands_in(client, office):
    circle = factories.make_circle(title="Freundeskreis Nord", department=office)
    url = reverse("volunteers:sign_up_entry", args=[circle.slug])
    assert "hat hier im Portal noch keine eigene Ansprechperson" in client.get(url).content.decode()
    factories.make_member(circle)
    assert "noch keine eigene Ansprechperson" not in client.get(url).content.decode()


def test_answer_is_due_within_the_days_that_the_organisation_set(office, cafe):
    office.answer_days = 3
    office.save()
    application = confirmed(cafe)
    confirmed_on = timezone.localdate(application.confirmed_at)
    assert application.answer_by == confirmed_on + datetime.timedelta(days=3)


def test_full_offer_puts_the_next_one_on_the_waiting_list(client, cafe):
    confirmed(cafe, email="a@example.org")
    confirmed(cafe, email="b@example.org")
    page = client.get(reverse("volunteers:sign_up_entry", args=[cafe.slug])).content.decode()
    assert "Warteliste" in page
    assert confirmed(cafe, email="c@example.org").status == Status.WAITING
    assert mail.outbox[-1].subject == "Sie stehen auf der Warteliste: Sprachcafé"


def test_place_given_up_goes_to_whoever_waits_longest(cafe):
    first = confirmed(cafe, email="a@example.org")
    confirmed(cafe, email="b@example.org")
    waiting = [confirmed(cafe, email=f"{name}@example.org") for name in "cd"]
    services.withdraw_application(application=first)
    for application in waiting:
        application.refresh_from_db()
    assert [a.status for a in waiting] == [Status.NEW, Status.WAITING]
    assert mail.outbox[-2].to == ["c@example.org"] or mail.outbox[-1].to == ["c@example.org"]


def test_withdrawing_needs_a_click_and_ends_the_consent(client, cafe):
    application = confirmed(cafe)
    path = reverse(
        "volunteers:withdraw", args=[application_links.status_path(application).split("/")[-2]]
    )
    client.get(path)
    application.refresh_from_db()
    assert application.status == Status.NEW
    client.post(path)
    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    assert Consent.objects.get(application=application).withdrawn_at is not None
    assert client.post(path).status_code == 302, "a second click does no harm"


def test_revising_changes_what_was_told_but_not_the_address(client, cafe):
    application = confirmed(cafe)
    token = application_links.status_path(application).split("/")[-2]
    url = reverse("volunteers:revise", args=[token])
    response = client.post(
        url, {**AMINA, "email": "x@example.org", "phone": "0711 2161", "languages": ["ar"]}
    )
    assert response.status_code == 302
    application.refresh_from_db()
    assert (application.phone, application.languages) == ("0711 2161", ["ar"])
    assert application.email == application.volunteer.email == "amina@example.org"
    assert application.volunteer.languages == ["ar"]


def test_ended_offer_takes_no_sign_ups(client, cafe):
    cafe.status = "ended"
    cafe.save()
    url = reverse("volunteers:sign_up_entry", args=[cafe.slug])
    assert client.get(url).status_code == 410
    assert post(client, url).status_code == 410
    with pytest.raises(NotOpen):
        submit(cafe)
    assert not Application.objects.exists()


BAD_INPUT = {
    "empty name": ({"name": ""}, "Bitte sagen Sie uns, wie Sie heißen."),
    "blank name": ({"name": "   "}, "Bitte sagen Sie uns, wie Sie heißen."),
    "huge name": ({"name": "x" * 10_000}, "höchstens 120 Zeichen"),
    "control character": ({"name": "A\x07B"}, "unsichtbare Steuerzeichen"),
    "null byte": ({"name": "A\x00B"}, "Null"),
    "direction override": ({"name": "A\u202eB"}, "unsichtbare Steuerzeichen"),
    "HTML as a name": ({"name": "<b>Bo</b>"}, "„&lt;“"),
    "huge message": ({"message": "x" * 100_000}, "höchstens 2000 Zeichen"),
    "no address": ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse an"),
    "half an address": ({"email": "amina@"}, "nicht vollständig"),
    "two addresses": ({"email": "a@example.org, b@example.org"}, "nicht vollständig"),
    "header injection": ({"email": "a@example.org\nBcc: x@example.org"}, "nicht vollständig"),
    "no age": ({"age": ""}, "Bitte wählen Sie aus, wie alt Sie sind."),
    "unknown age": ({"age": "12"}, "12"),
    "no consent": ({"consent": ""}, "Ohne Ihre Einwilligung"),
    "unknown language": ({"languages": ["xx"]}, "xx"),
    "unknown district": ({"districts": ["99"]}, "99"),
    "unknown weekday": ({"weekdays": ["x"]}, "x"),
}


@pytest.mark.parametrize(("changes", "sentence"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, office, changes, sentence):
    response = post(client, reverse("volunteers:sign_up"), phone="0711 123456", **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'role="alert"' in page
    assert 'value="0711 123456"' in page
    assert not Application.objects.exists()


GOOD_NAMES = [
    "محمد علي",
    "Олена Шевченко",
    "Ana-María O’Neill",
    "李小龍",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD_NAMES)
def test_every_script_is_welcome(client, cafe, name):
    post(client, reverse("volunteers:sign_up_entry", args=[cafe.slug]), name=name)
    application = Application.objects.get()
    assert application.name == name
    page = client.get(urlparse(application_links.confirm_url(application)).path).content.decode()
    assert name in page


def test_under_eighteen_is_told_about_the_parents_consent(client, cafe):
    application = confirmed(cafe, age="minor")
    page = client.get(application_links.status_path(application)).content.decode()
    assert "Einverständnis eines Elternteils" in page


def test_table_of_changes_holds_every_status_and_closed_ones_lead_nowhere():
    assert set(TRANSITIONS) == set(Status)
    assert set(CLOSED) == {Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN}


@pytest.mark.parametrize("start", [s for s in Status if s != Status.UNCONFIRMED])
@pytest.mark.parametrize("target", Status)
def test_status_changes_only_along_the_table(office, start, target):
    user = factories.make_user()
    application = confirmed(None)
    Application.objects.filter(pk=application.pk).update(
        status=start, decline_reason="x" if start == Status.DECLINED else ""
    )
    by_staff = {Status.UNCONFIRMED, Status.WITHDRAWN}.isdisjoint({target})
    allowed = target in TRANSITIONS[start] and by_staff
    if allowed:
        services.change_status(
            application=application, status=target, by=user, reason="Leider voll"
        )
        change = StatusChange.objects.filter(application=application).latest("pk")
        assert (change.status, change.by) == (target, user)
        assert mail.outbox[-1].to == ["amina@example.org"]
    else:
        with pytest.raises(TransitionNotAllowed):
            services.change_status(application=application, status=target, by=user, reason="x")


def test_declining_needs_a_reason_and_mails_it(cafe):
    user = factories.make_user()
    application = confirmed(cafe)
    with pytest.raises(ReasonMissing):
        services.change_status(application=application, status="declined", by=user, reason="  ")
    services.change_status(
        application=application, status="declined", by=user, reason="Zu weit weg"
    )
    assert "Zu weit weg" in mail.outbox[-1].body


@pytest.mark.slow
def test_waiting_one_cannot_be_taken_in_while_all_places_are_taken(cafe):
    confirmed(cafe, email="a@example.org")
    confirmed(cafe, email="b@example.org")
    waiting = confirmed(cafe, email="c@example.org")
    with pytest.raises(NoFreePlace):
        services.change_status(application=waiting, status="new", by=factories.make_user())


@pytest.mark.parametrize("entry", ["cafe", None])
def test_database_refuses_a_second_open_application(request, office, entry):
    entry = entry and request.getfixturevalue(entry)
    application = submit(entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            entry=entry, organisation=office, email=application.email, name=application.name.upper()
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "new"}, "application_confirmed_before_work"),
        (
            {"status": "declined", "confirmed_at": "2026-01-01T00:00Z"},
            "application_declined_with_reason",
        ),
    ],
)
def test_database_holds_the_rules_of_an_application(office, values, constraint):
    application = submit(None)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(**values)


@pytest.mark.slow
def test_my_page_shows_applications_of_confirmed_addresses_only(cafe):
    mine = confirmed(cafe)
    confirmed(None, email="ben@example.org")
    user = factories.make_user(email="amina@example.org")
    client = Client()
    client.force_login(user)
    user.emailaddress_set.all().delete()
    url = reverse("volunteers:my_page")
    assert mine.wish not in client.get(url).content.decode()
    user.emailaddress_set.create(email="amina@example.org", verified=True)
    page = client.get(url).content.decode()
    assert mine.wish in page
    assert "Was passt, ist noch offen" not in page


@pytest.mark.slow
def test_account_is_opened_with_a_code_by_mail(client, cafe):
    application = confirmed(cafe)
    token = application_links.status_path(application).split("/")[-2]
    client.post(reverse("volunteers:open_account", args=[token]), {"email": application.email})
    code = re.search(r"^    (\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)
    response = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
    assert response.request["PATH_INFO"] == reverse("volunteers:my_page")
    assert application.wish in response.content.decode()


def test_sign_up_pages_need_few_queries(client, cafe, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get(reverse("volunteers:sign_up_entry", args=[cafe.slug]))
    with django_assert_max_num_queries(22):
        post(client, reverse("volunteers:sign_up_entry", args=[cafe.slug]))
    application = confirmed(cafe)
    with django_assert_max_num_queries(9):
        client.get(application_links.status_path(application))
    assert connection.vendor == "postgresql"
