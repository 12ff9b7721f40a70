"""From a proposal to a running tandem, its check-ins and its end."""

import datetime
import re
from urllib.parse import urlparse

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from tests.people import person_at
from volunteers import chores
from volunteers.admin import tandem_steps
from volunteers.errors import DomainError, TandemFirst
from volunteers.links import applications as application_links
from volunteers.links import tandems as tandem_links
from volunteers.models import Application, CheckIn, CompanionRequest, ConductCheck, Tandem
from volunteers.models.companions import Side
from volunteers.models.statuses import Status
from volunteers.services import applications, check_ins, ending, requests, tandems

pytestmark = pytest.mark.django_db

BOTH = (Side.VOLUNTEER, Side.NEWCOMER)


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle(department=office)


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user


@pytest.fixture
def request_(circle):
    return factories.make_request(organisation=circle, phone="0711 555")


@pytest.fixture
def application(circle):
    return factories.make_ready(circle, phone="0711 222")


@pytest.fixture
def tandem(request_, application, coordinator):
    return tandems.propose(request=request_, application=application, by=coordinator)


@pytest.fixture
def running(tandem):
    for side in BOTH:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    mail.outbox.clear()
    return tandem


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def paths_in(message):
    return [urlparse(url).path for url in re.findall(r"https?://\S+", message.body)]


def mail_to(address):
    return [message for message in mail.outbox if message.to == [address]]


def later(**delta):
    """Travel to the afternoon, when the reminders of the day are due."""
    moment = timezone.localtime() + datetime.timedelta(**delta)
    return time_machine.travel(moment.replace(hour=15), tick=False)


def test_proposal_asks_both_and_tells_neither_who_the_other_is(tandem, request_, application):
    assert (tandem.status, tandem.organisation) == ("proposed", request_.organisation)
    assert {message.to[0] for message in mail.outbox} == {request_.email, application.email}
    for message in mail.outbox:
        assert "Arabisch" in message.body
        for secret in ("Samira", "Amira", "0711", request_.email, application.email):
            assert secret not in message.body + message.subject


def test_proposal_promises_nothing_that_the_other_one_has_not_said(client, tandem, request_):
    (message,) = mail_to(request_.email)
    page = client.get(tandem_links.answer_path(tandem, Side.NEWCOMER)).content.decode()
    assert "Vorschlag" in message.subject
    for text in (message.subject, message.body, page):
        assert "möchte Sie" not in text


def test_opening_the_link_answers_nothing(client, tandem):
    for side in BOTH:
        page = client.get(tandem_links.answer_path(tandem, side))
        assert page.status_code == 200
        assert "Samira" not in page.content.decode()
        assert "Amira" not in page.content.decode()
    assert fresh(tandem).volunteer_answer == fresh(tandem).newcomer_answer == ""


@pytest.mark.parametrize("order", [BOTH, BOTH[::-1]], ids=["volunteer first", "newcomer first"])
def test_two_yeses_start_the_tandem_and_only_then_pass_contacts(
    client, tandem, request_, application, order
):
    mail.outbox.clear()
    client.post(tandem_links.answer_path(tandem, order[0]), {"answer": "yes"})
    assert mail.outbox == []
    assert fresh(tandem).status == "proposed"
    response = client.post(tandem_links.answer_path(tandem, order[1]), {"answer": "yes"})
    assert response.status_code == 302
    tandem = fresh(tandem)
    assert (tandem.status, tandem.started_on) == ("running", timezone.localdate())
    assert (fresh(application).status, fresh(request_).status) == ("placed", "matched")
    assert fresh(application).entry_id == application.entry_id
    assert application.changes.latest("pk").status == Status.PLACED
    (to_newcomer,), (to_volunteer,) = mail_to(request_.email), mail_to(application.email)
    assert len(mail.outbox) == 2
    assert "Amira" in to_newcomer.body
    assert application.email in to_newcomer.body
    assert "0711 222" in to_newcomer.body
    assert "Haddad" not in to_newcomer.body
    assert "Samira" in to_volunteer.body
    assert request_.email in to_volunteer.body
    for side in BOTH:
        page = client.get(tandem_links.page_of(tandem, side)).content.decode()
        assert ("Amira" if side == Side.NEWCOMER else "Samira") in page


def test_status_pages_show_the_proposal_but_nobody(client, tandem):
    for side in BOTH:
        page = client.get(tandem_links.page_of(tandem, side)).content.decode()
        assert tandem_links.answer_path(tandem, side) in page
    newcomers = client.get(tandem_links.page_of(tandem, Side.NEWCOMER)).content.decode()
    assert "Amira" not in newcomers
    volunteers = client.get(tandem_links.page_of(tandem, Side.VOLUNTEER)).content.decode()
    assert "Samira" not in volunteers


@pytest.mark.parametrize("side", BOTH)
def test_a_no_tells_the_other_kindly_and_leaves_the_request_open(client, tandem, request_, side):
    mail.outbox.clear()
    client.post(tandem_links.answer_path(tandem, side), {"answer": "no"})
    assert fresh(tandem).status == "declined"
    assert fresh(request_).status == "open"
    (told,) = mail.outbox
    other = tandem.application.email if side == Side.NEWCOMER else request_.email
    assert told.to == [other]
    assert "abgelehnt" not in told.body


def test_the_same_two_are_not_proposed_again_after_a_no(tandem, request_, application):
    tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="no")
    with pytest.raises(tandems.NoMatch, match="schon einmal abgelehnt"):
        tandems.propose(request=request_, application=application)


def test_a_click_too_late_gets_410_and_where_it_stands(client, tandem):
    path = tandem_links.answer_path(tandem, Side.VOLUNTEER)
    client.post(path, {"answer": "yes"})
    for response in (client.get(path), client.post(path, {"answer": "no"})):
        assert response.status_code == 410
        assert "Sie haben schon Ja gesagt" in response.content.decode()
    assert fresh(tandem).volunteer_answer == "yes"
    tandems.retract(tandem=tandem)
    late = client.post(tandem_links.answer_path(tandem, Side.NEWCOMER), {"answer": "yes"})
    assert late.status_code == 410
    assert fresh(tandem).status == "declined"


@pytest.mark.parametrize("token", ["x", "a:b", "x" * 5000, "ümlaut", "%00", "1.volunteer:abc"])
def test_tampered_links_are_not_found(client, tandem, token):
    for name in ("tandem_answer", "tandem_end", "tandem_support", "tandem_again"):
        assert client.get(reverse(f"volunteers:{name}", args=[token])).status_code == 404
    assert client.get(reverse("volunteers:check_in", args=[token, "good"])).status_code == 404


def test_a_link_of_one_side_speaks_for_that_side_only(client, tandem):
    token = tandem_links.side_token(tandem, Side.VOLUNTEER)
    forged = token.replace("volunteer", "newcomer")
    assert client.get(reverse("volunteers:tandem_answer", args=[forged])).status_code == 404


@pytest.mark.parametrize("answer", ["", "maybe", "YES", "x" * 10_000])
def test_an_answer_that_is_none_changes_nothing(client, tandem, answer):
    response = client.post(tandem_links.answer_path(tandem, Side.VOLUNTEER), {"answer": answer})
    assert response.status_code == 200
    assert fresh(tandem).volunteer_answer == ""


@pytest.mark.slow
def test_proposals_lapse_after_their_days_and_the_request_is_free_again(
    tandem, request_, application, settings
):
    tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="yes")
    mail.outbox.clear()
    with later(days=settings.PROPOSAL_DAYS - 1):
        chores.run_all()
        assert fresh(tandem).status == "proposed"
    with later(days=settings.PROPOSAL_DAYS + 1):
        chores.run_all()
        chores.run_all()
    assert fresh(tandem).status == "lapsed"
    assert fresh(request_).status == "open"
    assert {message.to[0] for message in mail.outbox} == {request_.email, application.email}
    assert len(mail.outbox) == 2
    again = tandems.propose(request=request_, application=application)
    assert again.status == "proposed", "nobody has said no"


def test_one_request_has_one_proposal_at_a_time(tandem, request_, circle):
    other = factories.make_ready(circle, "Ben Weber")
    with pytest.raises(tandems.RequestTaken):
        tandems.propose(request=request_, application=other)


def test_running_and_proposed_tandems_count_against_the_limit(running, circle, application):
    second = factories.make_request("Olena", organisation=circle)
    with pytest.raises(tandems.NoMatch, match="Grenze: 1"):
        tandems.propose(request=second, application=application)
    Application.objects.filter(pk=application.pk).update(tandem_limit=2)
    assert tandems.propose(request=second, application=application).status == "proposed"


def test_the_limit_counts_over_all_organisations(running, office, application):
    elsewhere = factories.make_ready(office, volunteer=application.volunteer, entry=None)
    request = factories.make_request("Olena", organisation=office)
    with pytest.raises(tandems.NoMatch, match="Grenze"):
        tandems.propose(request=request, application=elsewhere)


def test_wish_for_a_woman_is_never_broken(circle):
    wish = factories.make_request("Olena", organisation=circle, wish="woman")
    unknown = factories.make_ready(circle, "Kim Weber")
    with pytest.raises(tandems.NoMatch, match="Angaben ändern"):
        tandems.propose(request=wish, application=unknown)
    man = factories.make_ready(circle, "Jan Weber", gender="man")
    with pytest.raises(tandems.NoMatch, match="wünscht eine Frau: nein"):
        tandems.propose(request=wish, application=man)
    woman = factories.make_ready(circle, "Ina Weber", gender="woman")
    assert tandems.propose(request=wish, application=woman).status == "proposed"


def test_minors_are_accompanied_with_a_valid_certificate_only(circle, coordinator, application):
    minor = factories.make_request("Navid", organisation=circle, age_group="minor")
    with pytest.raises(tandems.NoMatch, match="Führungszeugnis"):
        tandems.propose(request=minor, application=application)
    today = timezone.localdate()
    ConductCheck.objects.create(
        volunteer=application.volunteer,
        organisation=circle,
        seen_on=today,
        issued_on=today,
        seen_by=coordinator,
        is_clear=True,
    )
    tandem = tandems.propose(request=minor, application=application)
    ConductCheck.objects.all().delete()
    mail.outbox.clear()
    for side in BOTH:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    assert fresh(tandem).status == "proposed", "both said yes, but the certificate is gone"
    (told,) = mail.outbox
    assert told.to == [coordinator.email]
    assert "Führungszeugnis" not in told.body, "mails outlive the record of the certificate"
    assert "„Vorbereitung“" in told.body
    with pytest.raises(DomainError, match="Führungszeugnis"):
        tandems.start(tandem=tandem, by=coordinator)
    with later(days=40):
        chores.run_all()
    assert fresh(tandem).status == "proposed", "what both agreed to does not lapse"
    ConductCheck.objects.create(
        volunteer=application.volunteer,
        organisation=circle,
        seen_on=today,
        issued_on=today,
        seen_by=coordinator,
        is_clear=True,
    )
    assert tandems.start(tandem=tandem, by=coordinator).status == "running"


def test_nobody_accompanies_themselves(circle, application):
    own = factories.make_request("Amira", organisation=circle, email=application.email)
    with pytest.raises(tandems.NoMatch, match="dieselbe Person"):
        tandems.propose(request=own, application=application)


def test_coordinator_records_answers_of_somebody_without_an_address(
    circle, application, coordinator
):
    request = factories.make_request("Hagos", organisation=circle, email="", phone="0711 9")
    tandem = tandems.propose(request=request, application=application, by=coordinator)
    assert [message.to for message in mail.outbox] == [[application.email]]
    tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="yes", by=coordinator)
    tandem = tandems.answer(tandem=tandem, side=Side.VOLUNTEER, answer="yes")
    assert tandem.status == "running"
    assert "0711 9" in mail.outbox[-1].body


# --- Check-ins ------------------------------------------------------------------------------


@pytest.mark.slow
def test_check_ins_are_asked_on_their_days_and_once(running, request_, application):
    expected = {14: 2, 42: 4, 84: 6, 183: 8}
    visited = 0
    for days, sent in expected.items():
        with later(days=days):
            chores.run_all()
            chores.run_all()
        assert CheckIn.objects.count() == len(mail.outbox) == sent
        visited += 1
    assert visited == 4
    assert {message.to[0] for message in mail.outbox} == {request_.email, application.email}


def test_nothing_is_asked_before_two_weeks_and_before_the_hour(running):
    with later(days=13):
        chores.run_all()
    assert not CheckIn.objects.exists()
    morning = (timezone.localtime() + datetime.timedelta(days=14)).replace(hour=6, minute=30)
    with time_machine.travel(morning, tick=False):
        chores.run_all()
    assert not CheckIn.objects.exists()


def test_a_worker_that_slept_asks_once_for_the_last_day(running):
    with later(days=50):
        chores.run_all()
    assert {c.due_on for c in CheckIn.objects.all()} == {
        running.started_on + datetime.timedelta(days=42)
    }
    assert len(mail.outbox) == 2


def asked(tandem, side):
    with later(days=15):
        chores.run_all()
    return CheckIn.objects.get(tandem=tandem, side=side)


def test_mail_has_a_link_for_each_reply_and_opening_them_changes_nothing(client, running, request_):
    asked(running, Side.NEWCOMER)
    (message,) = mail_to(request_.email)
    paths = paths_in(message)
    assert [path.split("/")[-2] for path in paths] == [
        "good",
        "support",
        "over",
        "etwas-stimmt-nicht",
    ]
    for path in paths:
        assert client.get(path).status_code == 200
    assert not CheckIn.objects.exclude(reply="").exists()
    assert fresh(running).status == "running"


def test_good_is_noted_and_a_second_click_gets_410(client, running):
    check_in = asked(running, Side.VOLUNTEER)
    path = tandem_links.check_in_path(check_in, "good")
    assert client.post(path, {"note": "Wir üben Deutsch."}).status_code == 302
    check_in.refresh_from_db()
    assert (check_in.reply, check_in.note) == ("good", "Wir üben Deutsch.")
    assert client.post(path).status_code == 410
    assert client.post(tandem_links.check_in_path(check_in, "over")).status_code == 410
    assert fresh(running).status == "running"


def test_support_turns_the_tandem_red_and_mails_the_members(client, running, coordinator):
    check_in = asked(running, Side.NEWCOMER)
    mail.outbox.clear()
    client.post(tandem_links.check_in_path(check_in, "support"), {"note": "Geheimnis"})
    assert fresh(running).needs_support_since is not None
    (message,) = mail.outbox
    assert message.to == [coordinator.email]
    assert "Geheimnis" not in message.body
    check_ins.supported(tandem=running)
    assert fresh(running).needs_support_since is None


@pytest.mark.slow
def test_only_who_asked_for_support_reads_that_it_was_asked_for(client, running, coordinator):
    def told():
        pages = {side: client.get(tandem_links.page_of(running, side)) for side in BOTH}
        sentence = "Sie haben um Unterstützung gebeten."
        return {side for side, page in pages.items() if sentence in page.content.decode()}

    client.post(tandem_links.support_path(running, Side.NEWCOMER), {"note": ""})
    assert told() == {Side.NEWCOMER}
    with later(days=1):
        client.post(tandem_links.support_path(running, Side.VOLUNTEER), {"note": ""})
    assert told() == set(BOTH)
    check_ins.supported(tandem=running)
    assert told() == set()
    with later(days=2):
        client.post(tandem_links.support_path(running, Side.VOLUNTEER), {"note": ""})
    assert told() == {Side.VOLUNTEER}


def test_support_without_an_organisation_goes_to_the_office(client, office):
    staff = factories.make_member(office, role="staff").user
    ready = factories.make_ready(office, entry=None)
    tandem = factories.make_tandem(factories.make_request(organisation=None), ready)
    client.post(tandem_links.support_path(tandem, Side.NEWCOMER), {"note": ""})
    assert fresh(tandem).needs_support_since is not None
    assert [message.to for message in mail.outbox] == [[staff.email]]
    assert list(Tandem.objects.visible_to(staff)) == [tandem]


def test_bad_notes_get_a_sentence_and_are_kept(client, running):
    path = tandem_links.check_in_path(asked(running, Side.VOLUNTEER), "good")
    for note, sentence in (("x" * 10_000, "höchstens 1000 Zeichen"), ("a\x07b", "Steuerzeichen")):
        response = client.post(path, {"note": note})
        assert response.status_code == 422
        assert sentence in response.content.decode()
    assert client.post(path, {"note": "<b>\u0628\u0631</b>"}).status_code == 302


# --- The end --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("again", "status"), [("yes", "ready"), ("no", "completed"), ("", "paused")]
)
def test_over_ends_the_tandem_and_the_volunteer_goes_on_as_wanted(
    client, running, request_, application, again, status
):
    check_in = asked(running, Side.VOLUNTEER)
    mail.outbox.clear()
    path = tandem_links.check_in_path(check_in, "over")
    data = {"reason": "reached", "closing": "Viel gelernt", "again": again}
    assert client.post(path, data).status_code == 302
    tandem = fresh(running)
    assert (tandem.status, tandem.end_reason, tandem.ended_by) == ("ended", "reached", "volunteer")
    assert tandem.volunteer_closing == "Viel gelernt"
    assert tandem.ended_on == timezone.localdate()
    assert fresh(application).status == status
    assert fresh(request_).status == "closed"
    assert reverse("volunteers:companion") in mail_to(request_.email)[0].body
    links = [path for message in mail_to(application.email) for path in paths_in(message)]
    assert any("wieder-bereit" in link for link in links) == (status == "paused")


def test_end_needs_a_reason(client, running):
    path = tandem_links.end_path(running, Side.NEWCOMER)
    response = client.post(path, {"reason": ""})
    assert response.status_code == 422
    assert "Bitte wählen Sie einen Grund." in response.content.decode()
    assert fresh(running).status == "running"


@pytest.mark.parametrize(("again", "status"), [("yes", "ready"), ("no", "completed")])
def test_whoever_was_asked_says_later_whether_they_are_ready(
    client, running, application, again, status
):
    client.post(tandem_links.end_path(running, Side.NEWCOMER), {"reason": "moved"})
    assert fresh(application).status == "paused"
    (path,) = [p for p in paths_in(mail_to(application.email)[-1]) if "wieder-bereit" in p]
    assert client.get(path).status_code == 200
    assert fresh(application).status == "paused", "opening the link must not answer"
    assert client.post(path, {"again": ""}).status_code == 422
    assert client.post(path, {"again": again, "closing": "Schön"}).status_code == 302
    assert fresh(application).status == status
    assert fresh(running).volunteer_closing == "Schön"
    assert client.post(path, {"again": "yes"}).status_code == 410


def test_ready_again_but_something_is_missing_is_told_once(
    client, running, application, coordinator
):
    ending.end_tandem(tandem=running, reason="moved", by=coordinator)
    programme = factories.make_programme(requires_conduct_check=True)
    Application.objects.filter(pk=application.pk).update(entry=programme)
    mail.outbox.clear()
    path = urlparse(tandem_links.again_url(running)).path
    assert client.post(path, {"again": "yes"}).status_code == 302
    assert client.post(path, {"again": "yes"}).status_code == 410
    assert fresh(application).status == "paused"
    assert [message.to for message in mail.outbox] == [[coordinator.email]]


def test_a_pause_by_staff_is_not_lifted_by_an_old_link(client, running, application, coordinator):
    ending.end_tandem(tandem=running, reason="other", by=coordinator)
    path = urlparse(tandem_links.again_url(running)).path
    assert client.get(path).status_code == 200
    for status in ("ready", "paused"):
        applications.change_status(application=application, status=status, by=coordinator)
    assert client.post(path, {"again": "yes"}).status_code == 410
    assert fresh(application).status == "paused"


def test_with_another_tandem_running_the_application_stays_placed(circle, running, application):
    other = factories.make_tandem(
        factories.make_request("Olena", organisation=circle), fresh(application)
    )
    ending.end_tandem(tandem=running, reason="reached", side=Side.VOLUNTEER, again=False)
    assert fresh(application).status == "placed"
    ending.end_tandem(tandem=other, reason="reached", side=Side.VOLUNTEER, again=False)
    assert fresh(application).status == "completed"


def test_an_end_with_a_proposal_waiting_leaves_the_application_ready(circle, running, application):
    Application.objects.filter(pk=application.pk).update(tandem_limit=2)
    request = factories.make_request("Olena", organisation=circle)
    waiting = tandems.propose(request=request, application=application)
    ending.end_tandem(tandem=running, reason="moved", side=Side.NEWCOMER)
    assert fresh(application).status == "ready"
    assert fresh(waiting).status == "proposed"


def test_withdrawing_the_application_ends_its_tandems(circle, running, application, request_):
    Application.objects.filter(pk=application.pk).update(tandem_limit=2)
    second = factories.make_request("Olena", organisation=circle)
    proposal = tandems.propose(request=second, application=application)
    mail.outbox.clear()
    applications.withdraw_application(application=application)
    assert fresh(application).status == "withdrawn"
    assert (fresh(running).status, fresh(running).ended_by) == ("ended", "volunteer")
    assert fresh(proposal).status == "declined"
    assert (fresh(request_).status, fresh(second).status) == ("closed", "open")
    assert len(mail_to(request_.email)) == len(mail_to(second.email)) == 1


def test_page_for_withdrawing_says_that_the_tandem_ends(client, running, application):
    token = application_links.status_token(application)
    page = client.get(reverse("volunteers:withdraw", args=[token])).content.decode()
    assert "Sie haben ein Tandem" in page
    other = factories.make_ready(application.organisation, "Ben Weber")
    token = application_links.status_token(other)
    page = client.get(reverse("volunteers:withdraw", args=[token])).content.decode()
    assert "Sie haben ein Tandem" not in page


def test_withdrawing_the_request_ends_the_tandem(running, request_, application):
    requests.withdraw_request(request=request_)
    assert fresh(request_).status == "withdrawn"
    assert (fresh(running).status, fresh(running).ended_by) == ("ended", "newcomer")
    assert fresh(application).status == "paused"


def test_withdrawing_the_request_calls_the_proposal_off(tandem, request_, application):
    mail.outbox.clear()
    requests.withdraw_request(request=request_)
    assert fresh(tandem).status == "declined"
    assert fresh(application).status == "ready"
    assert len(mail_to(application.email)) == 1


@pytest.mark.parametrize("status", ["completed", "paused", "ready"])
def test_staff_end_the_tandem_before_the_application(running, application, coordinator, status):
    with pytest.raises(TandemFirst, match="zuerst das Tandem"):
        applications.change_status(application=application, status=status, by=coordinator)
    assert fresh(application).status == "placed"


def test_staff_cannot_close_or_hand_on_a_request_in_a_tandem(
    running, request_, office, coordinator
):
    for call in (
        lambda: requests.close_request(request=request_),
        lambda: requests.hand_on_request(request=request_, organisation=None, by=coordinator),
    ):
        with pytest.raises(requests.TandemStillAlive):
            call()
    assert fresh(request_).status == "matched"


def test_my_page_shows_the_tandem_and_what_waits(client, running):
    asked(running, Side.VOLUNTEER)
    user = factories.make_user(running.application.email)
    user.emailaddress_set.create(email=user.email, verified=True)
    client.force_login(user)
    from volunteers import sections

    person = person_at(user.email)
    assert [point.text for point in sections.open_points(person)] == [
        "Wie läuft es in Ihrem Tandem?"
    ]
    assert len(sections.of_person(person)) >= 1


# --- The database ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "running"}, "tandem_runs_when_both_agreed"),
        (
            {
                "status": "ended",
                "volunteer_answer": "yes",
                "newcomer_answer": "yes",
                "started_on": "2026-01-01",
            },
            "tandem_ends_with_a_reason",
        ),
        ({"started_on": "2026-02-01", "ended_on": "2026-01-01"}, "tandem_ends_after_start"),
    ],
)
def test_database_holds_the_rules_of_a_tandem(tandem, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Tandem.objects.filter(pk=tandem.pk).update(**values)


def test_database_holds_one_living_tandem_of_the_same_two_and_one_question_per_day(
    tandem, request_, application
):
    with (
        pytest.raises(IntegrityError, match="tandem_once_per_request_and_person"),
        transaction.atomic(),
    ):
        factories.make_tandem(request_, application)
    day = timezone.localdate()
    CheckIn.objects.create(tandem=tandem, side="volunteer", due_on=day)
    with pytest.raises(IntegrityError, match="check_in_asked_once"), transaction.atomic():
        CheckIn.objects.create(tandem=tandem, side="volunteer", due_on=day)


def test_tandems_and_requests_are_seen_by_their_organisation_only(tandem, coordinator, office):
    stranger = factories.make_member(factories.make_organisation("Caritas")).user
    for model in (Tandem, CompanionRequest):
        assert model.objects.visible_to(coordinator).count() == 1
        assert not model.objects.visible_to(stranger).exists()


# --- One row that fails ----------------------------------------------------------------------


@pytest.mark.logs_errors
def test_one_tandem_that_fails_does_not_hold_up_the_others(circle, running, monkeypatch):
    """For the first of two check-ins and of two proposals the mail fails; the second one is sent."""
    other = factories.make_tandem(
        factories.make_request("Olena", organisation=circle), factories.make_ready(circle, "Eva")
    )
    ask, say_no = check_ins.notifications.how_is_it, tandems.notifications.not_this_time

    def broken_ask(check_in):
        if check_in.tandem_id == running.pk:
            raise ValueError
        ask(check_in)

    monkeypatch.setattr(check_ins.notifications, "how_is_it", broken_ask)
    with later(weeks=2):
        assert check_ins.ask_due() == 2
    assert set(CheckIn.objects.values_list("tandem", flat=True)) == {other.pk}

    def broken_no(tandem, *sides):
        if tandem.pk == running.pk:
            raise ValueError
        say_no(tandem, *sides)

    monkeypatch.setattr(tandems.notifications, "not_this_time", broken_no)
    Tandem.objects.update(status="proposed", volunteer_answer="", started_on=None)
    with later(weeks=3):
        assert tandems.lapse_proposals() == 1
    assert (fresh(running).status, fresh(other).status) == ("proposed", "lapsed")


def test_page_of_a_check_in_leads_to_the_other_two_answers(client, running):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        check_ins.ask_due()
        check_in = running.check_ins.first()
        page = client.get(tandem_links.check_in_path(check_in, "good")).content.decode()
    for reply in ("support", "over"):
        assert tandem_links.check_in_path(check_in, reply) in page


def test_steps_ask_for_no_note_that_nobody_keeps():
    """Only a reply stores its note; the notes of the other forms are stored by their services."""
    asking = {name for name, step in tandem_steps.STEPS.items() if "note" in step.form().fields}
    assert asking == {"rueckmeldung"}


def test_the_number_of_the_other_one_can_be_dialled(client, running, application, request_):
    pages = {
        tandem_links.status_path(request_): "+49711222",
        application_links.status_path(application): "+49711555",
    }
    for path, number in pages.items():
        page = client.get(path).text
        assert f'<a class="phone" href="tel:{number}" dir="ltr">' in page


def test_page_of_staff_shows_no_way_that_nobody_gave_and_one_kind_of_dash(circle, coordinator):
    request = factories.make_request(organisation=circle, phone="")
    application = factories.make_ready(circle, phone="0711 222")
    tandem = tandems.propose(request=request, application=application, by=coordinator)
    page = client_of(coordinator).get(admin_path(tandem)).text
    assert f"{request.email}</a></div>" in page
    assert '<div class="readonly">–</div>' in page
    assert '<div class="readonly">-</div>' not in page


def test_staff_read_before_they_write_that_the_tandem_ends_first(running, application, coordinator):
    page = client_of(coordinator).get(admin_path(application, "status", Status.COMPLETED)).text
    assert "zuerst muss das Tandem oder der Vorschlag enden" in page
    assert "<textarea" not in page
