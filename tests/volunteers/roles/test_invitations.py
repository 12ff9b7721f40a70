"""Inviting people to an organisation, ending accesses, and when an access was last used."""

import datetime
import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Membership, Organisation
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.links import applications as application_links
from volunteers.links import signing
from volunteers.models import Invitation, SecurityEvent, User
from volunteers.notifications.accesses import INVITATION
from volunteers.services import accesses, invitations
from volunteers.services.invitations import Offer

pytestmark = pytest.mark.django_db

Role = Membership.Role
Kind = SecurityEvent.Kind
ADDRESS = "nora@example.org"
UNFRIENDLY = [
    "",
    " ",
    "x" * 10_000,
    "Nora\x00",
    "Nora\nNeu",
    "\u202eNora",
    "<b>",
    "a@b",
    "nora@ex ample.org",
]


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def department():
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def own(department):
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach", department=department)


@pytest.fixture
def coordinator(own):
    return factories.make_member(own).user


@pytest.fixture
def staff(department):
    return factories.make_member(department, role="staff").user


@pytest.fixture
def administrator():
    return factories.make_user("adm@example.org", is_superuser=True)


@pytest.fixture
def as_coordinator(coordinator):
    client = Client()
    client.force_login(coordinator)
    return client


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def post_invitation(client, organisation, **fields):
    data = {"name": "Nora Neu", "email": ADDRESS, "role": "coordinator", "until": ""}
    return client.post(page("programs_organisation_invite", organisation.pk), data | fields)


def link_in(message):
    return re.search(r"https?://[^/\s]+(/einladung/\S+)", message.body)[1]


def events(kind):
    return list(SecurityEvent.objects.filter(kind=kind).values_list("by", "about"))


# --- inviting ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_invited_person_gets_account_role_and_a_login_code(as_coordinator, own, coordinator):
    response = post_invitation(as_coordinator, own)
    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert events(Kind.INVITED) == [(coordinator.pk, f"invitation {invitation.pk}")]
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "Nora" not in message.body  # user input is never mailed to an unconfirmed address
    visitor = Client()
    offered = visitor.get(link_in(message))
    assert offered.status_code == 200
    assert "Freundeskreis Feuerbach" in offered.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()  # link scanners open links, too
    taken = visitor.post(link_in(message))
    user = User.objects.get(email=ADDRESS)
    membership = user.memberships.get()
    assert (membership.organisation, membership.role) == (own, Role.COORDINATOR)
    assert user.name == "Nora Neu"
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert not Invitation.objects.exists()
    assert events(Kind.ROLE_GIVEN) == [(coordinator.pk, f"membership {membership.pk}")]
    assert taken["Location"] == reverse("account_confirm_login_code")
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    logged_in = visitor.post(taken["Location"], {"code": code})
    assert logged_in["Location"] == reverse("admin:index")
    assert visitor.get(reverse("admin:index")).status_code == 200


def test_answer_is_the_same_whether_or_not_the_address_has_an_account(as_coordinator, own):
    factories.make_user("known@example.org", name="Karl Bekannt")
    answers = []
    for email in ("known@example.org", "nobody@example.org"):
        response = post_invitation(as_coordinator, own, email=email)
        followed = as_coordinator.get(response["Location"]).content.decode()
        form = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|einladung/\d+/', "", followed)
        answers.append((response.status_code, form.replace(email, "ADDRESS")))
        Invitation.objects.all().delete()
    assert answers[0] == answers[1]
    assert "Karl" not in answers[0][1]
    assert [one.subject for one in mail.outbox] == [mail.outbox[0].subject] * 2


def test_account_that_is_there_keeps_name_and_password(own, coordinator):
    user = factories.make_user(ADDRESS, name="Nora Alt", password="ein-langes-wort")
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    invitation = factories.make_invitation(own, invited_by=coordinator)
    invitations.accept_invitation(public_id=invitation.public_id)
    user.refresh_from_db()
    assert user.name == "Nora Alt"
    assert user.check_password("ein-langes-wort")


def test_password_set_before_the_address_was_confirmed_is_dropped(own, coordinator):
    user = factories.make_user(ADDRESS, password="von-jemand-anderem")
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=False, primary=True)
    invitation = factories.make_invitation(own, invited_by=coordinator)
    invitations.accept_invitation(public_id=invitation.public_id)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


def test_deputy_needs_a_last_day_that_lies_ahead(as_coordinator, own):
    for until in ("", in_days(-1).isoformat(), "2999-01-01", "morgen"):
        response = post_invitation(as_coordinator, own, role="deputy", until=until)
        assert response.status_code == 422
        assert not Invitation.objects.exists()
    assert post_invitation(as_coordinator, own, role="deputy", until=in_days(9)).status_code == 302
    assert Invitation.objects.get().until == in_days(9)


def test_who_works_there_is_not_invited_again(as_coordinator, own):
    factories.make_member(own, user=factories.make_user(ADDRESS))
    response = post_invitation(as_coordinator, own, email=ADDRESS.upper())
    assert response.status_code == 422
    assert "arbeitet schon" in response.content.decode()


def test_invited_again_only_the_new_link_works(as_coordinator, own):
    post_invitation(as_coordinator, own)
    post_invitation(as_coordinator, own)
    old, new = map(link_in, mail.outbox)
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    assert Invitation.objects.count() == 1


def test_ended_membership_is_taken_up_again(own, coordinator):
    former = factories.make_member(own, until=in_days(-1))
    invitation = factories.make_invitation(
        own, invited_by=coordinator, email=former.user.email, role="deputy", until=in_days(5)
    )
    invitations.accept_invitation(public_id=invitation.public_id)
    former.refresh_from_db()
    assert (former.role, former.until) == (Role.DEPUTY, in_days(5))
    assert events(Kind.ROLE_CHANGED) == [(coordinator.pk, f"membership {former.pk}")]


@pytest.mark.parametrize("value", UNFRIENDLY)
@pytest.mark.parametrize("name", ["name", "email", "role", "until"])
def test_unfriendly_input_is_answered_in_german(as_coordinator, own, name, value):
    response = post_invitation(as_coordinator, own, **{name: value})
    assert response.status_code in {302, 422}
    if response.status_code == 302:  # a name may look odd, and an end is not needed
        assert name in {"name", "until"}
        listed = as_coordinator.get(response["Location"]).content.decode()
        assert "<b>" not in listed


# --- who may give what -------------------------------------------------------------------------

GIVEN = {
    ("coordinator", "own"): {"coordinator", "deputy"},
    ("deputy", "own"): set(),
    ("staff", "own"): {"staff", "deputy", "room_staff", "reporting", "trust", "translator"},
    ("room_staff", "own"): set(),
    ("reporting", "own"): set(),
    ("staff", "below"): {"coordinator", "deputy", "trust"},
    ("trust", "own"): set(),
    ("trust", "below"): set(),
    ("coordinator", "below"): set(),
    ("reporting", "below"): set(),
    ("staff", "elsewhere"): set(),
    ("coordinator", "elsewhere"): set(),
}


@pytest.mark.parametrize(("role", "where"), GIVEN)
def test_nobody_gives_a_role_above_the_own(role, where, own, department):
    holder = department if where == "below" else own
    at = factories.make_organisation("Caritas") if where == "elsewhere" else own
    until = in_days(1) if role == "deputy" else None
    user = factories.make_member(holder, role=role, until=until).user
    assert set(accesses.roles_to_give(user, at)) == GIVEN[role, where]
    for given in Role.values:
        offer = Offer("Nora", ADDRESS, given, in_days(3))
        if given in GIVEN[role, where]:
            invitations.invite(organisation=at, offer=offer, by=user)
        else:
            with pytest.raises(accesses.NotYours):
                invitations.invite(organisation=at, offer=offer, by=user)


def test_portalverwaltung_gives_every_role_and_a_switched_off_account_none(own, administrator):
    assert set(accesses.roles_to_give(administrator, own)) == set(Role)
    administrator.is_active = False
    assert accesses.roles_to_give(administrator, own) == ()


def test_role_that_may_not_be_given_is_refused_even_when_posted(as_coordinator, own):
    assert post_invitation(as_coordinator, own, role="staff").status_code == 422
    assert not Invitation.objects.exists()


def test_foreign_organisation_does_not_exist(as_coordinator):
    foreign = factories.make_organisation("Caritas")
    assert post_invitation(as_coordinator, foreign).status_code == 404
    assert as_coordinator.get(page("programs_organisation_access", foreign.pk)).status_code == 404


@pytest.mark.slow
def test_no_more_than_the_limit_of_invitations_goes_out(as_coordinator, own, real_limits):
    times = real_limits["invitation"]["target"][0]
    answers = [
        post_invitation(as_coordinator, own, email=f"n{n}@example.org").status_code
        for n in range(times + 3)
    ]
    assert answers == [302] * times + [422] * 3
    assert len(mail.outbox) == times


# --- links -------------------------------------------------------------------------------------


def url_of(invitation):
    return signing.path_of("invitation", signing.sign(INVITATION, invitation.public_id))


def test_tampered_link_is_not_found(own):
    url = url_of(factories.make_invitation(own))
    assert Client().get(url).status_code == 200
    for broken in (url[:-3] + "/", "/einladung/x/", url.replace("einladung/", "einladung/A")):
        assert Client().get(broken).status_code == 404
    other_purpose = signing.sign(application_links.CONFIRM, Invitation.objects.get().public_id)
    assert Client().get(signing.path_of("invitation", other_purpose)).status_code == 404


def test_used_link_is_gone(own):
    url = url_of(factories.make_invitation(own))
    assert Client().post(url).status_code == 302
    assert Client().get(url).status_code == Client().post(url).status_code == 410
    assert Membership.objects.filter(organisation=own).count() == 1


def test_link_works_its_days_and_then_is_gone_and_deleted(own, settings, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    url = url_of(factories.make_invitation(own))
    time_machine.move_to(start + datetime.timedelta(days=settings.INVITATION_DAYS), tick=False)
    assert Client().get(url).status_code == 200
    assert not Invitation.objects.expired().exists()
    later = datetime.timedelta(days=settings.INVITATION_DAYS, seconds=1)
    time_machine.move_to(start + later, tick=False)
    assert Client().get(url).status_code == Client().post(url).status_code == 410
    Invitation.objects.expired().delete()  # as retention does
    assert not Invitation.objects.exists()
    assert Client().get(url).status_code == 410
    assert not Membership.objects.filter(organisation=own).exists()


def test_withdrawn_link_is_gone(as_coordinator, own, coordinator):
    invitation = factories.make_invitation(own, invited_by=coordinator)
    url = url_of(invitation)
    withdraw = page("volunteers_invitation_withdraw", invitation.pk)
    assert as_coordinator.post(withdraw).status_code == 302
    assert Client().get(url).status_code == Client().post(url).status_code == 410
    assert as_coordinator.post(withdraw).status_code == 404


def test_link_dies_with_the_right_of_whoever_invited(own, coordinator):
    url = url_of(factories.make_invitation(own, invited_by=coordinator))
    assert Client().get(url).status_code == 200
    coordinator.memberships.all().delete()
    assert Client().get(url).status_code == Client().post(url).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


def test_link_whose_last_day_is_over_is_gone(own, coordinator, time_machine):
    url = url_of(
        factories.make_invitation(own, invited_by=coordinator, role="deputy", until=in_days(2))
    )
    assert Client().get(url).status_code == 200
    time_machine.move_to(timezone.now() + datetime.timedelta(days=3))
    assert Client().get(url).status_code == 410


def test_switched_off_account_takes_no_invitation(own):
    factories.make_user(ADDRESS, is_active=False)
    url = url_of(factories.make_invitation(own))
    assert Client().post(url).status_code == 410
    assert not Membership.objects.exists()


def test_older_invitation_does_not_take_a_higher_role_away(own, coordinator):
    url = url_of(factories.make_invitation(own, invited_by=coordinator))
    staff = factories.make_member(own, user=factories.make_user(ADDRESS), role="staff")
    assert Client().post(url).status_code == 410
    staff.refresh_from_db()
    assert staff.role == Role.STAFF


def test_one_invitation_per_address_and_organisation(own):
    factories.make_invitation(own)
    with pytest.raises(IntegrityError, match="invitation_once_per_org"), transaction.atomic():
        factories.make_invitation(own)


@pytest.mark.django_db(transaction=True)
def test_same_link_clicked_twice_at_once_gives_one_membership():
    factories.make_clearing_office()
    for round_ in range(5):
        organisation = factories.make_circle(f"Freundeskreis {round_}")
        invitation = factories.make_invitation(organisation, email=f"n{round_}@example.org")

        def click(public_id=invitation.public_id):
            return invitations.accept_invitation(public_id=public_id)

        results = at_once(click, click)
        refused = [one for one in results if isinstance(one, invitations.InvitationGone)]
        assert len(refused) == 1, results
        assert organisation.memberships.count() == 1
    assert len(events(Kind.ROLE_GIVEN)) == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_end_each_other_at_once_one_stays():
    factories.make_clearing_office()
    for round_ in range(5):
        organisation = factories.make_circle(f"Freundeskreis {round_}")
        one, other = factories.make_member(organisation), factories.make_member(organisation)
        results = at_once(
            lambda a=one, b=other: accesses.end_access(membership=a, by=b.user),
            lambda a=one, b=other: accesses.end_access(membership=b, by=a.user),
        )
        assert organisation.memberships.count() == 1, results
        (refused,) = [result for result in results if result is not None]
        assert isinstance(refused, accesses.LastAnswering | accesses.NotYours)


# --- ending ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ending_closes_an_open_session_at_once(as_coordinator, own):
    other = factories.make_member(own)
    open_session = Client()
    open_session.force_login(other.user)
    application = factories.make_application(own)
    record = page("volunteers_application_change", application.pk)
    assert open_session.get(record).status_code == 200
    ending = as_coordinator.post(page("programs_membership_end", other.pk))
    assert ending.status_code == 302
    assert open_session.get(record).status_code == 302  # redirected to the login of the admin
    assert open_session.get(reverse("admin:login")).status_code == 403
    assert as_coordinator.get(record).status_code == 200
    assert [one.to for one in mail.outbox] == [[other.user.email]]
    assert events(Kind.ROLE_ENDED)[0][1] == f"membership {other.pk}"


def test_ending_one_of_two_roles_leaves_the_other(own, coordinator, department, staff):
    both = factories.make_member(own)
    elsewhere = factories.make_organisation("Caritas")
    factories.make_member(elsewhere, user=both.user)
    session = Client()
    session.force_login(both.user)
    theirs, others = (factories.make_application(o) for o in (elsewhere, own))
    accesses.end_access(membership=both, by=coordinator)
    assert session.get(page("volunteers_application_change", theirs.pk)).status_code == 200
    assert session.get(page("volunteers_application_change", others.pk)).status_code == 404


def test_last_coordination_is_not_ended_without_being_told(as_coordinator, own, coordinator):
    membership = coordinator.memberships.get()
    url = page("programs_membership_end", membership.pk)
    assert "niemand mehr da" in as_coordinator.get(url).content.decode()
    assert as_coordinator.post(url)["Location"] == url
    assert Membership.objects.filter(pk=membership.pk).exists()
    assert as_coordinator.post(url, {"knowing_last": "ja"})["Location"] == reverse("admin:index")
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert mail.outbox == []  # no mail to people who end their own access


def test_reporting_member_does_not_count_as_somebody_who_stays(own, coordinator):
    factories.make_member(own, role="reporting")
    with pytest.raises(accesses.LastAnswering):
        accesses.end_access(membership=coordinator.memberships.get(), by=coordinator)


def test_ended_twice_is_ended_once(own, coordinator):
    other = factories.make_member(own)
    accesses.end_access(membership=other, by=coordinator)
    accesses.end_access(membership=other, by=coordinator)
    assert len(events(Kind.ROLE_ENDED)) == len(mail.outbox) == 1


def test_coordinator_ends_no_department_staff(as_coordinator, own):
    staff = factories.make_member(own, role="staff")
    assert as_coordinator.post(page("programs_membership_end", staff.pk)).status_code == 403
    assert Membership.objects.filter(pk=staff.pk).exists()


def test_foreign_access_does_not_exist(as_coordinator):
    foreign = factories.make_member(factories.make_organisation("Caritas"))
    assert as_coordinator.post(page("programs_membership_end", foreign.pk)).status_code == 404


# --- the list ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_use_is_noted_once_a_day_and_costs_no_query_after_that(as_coordinator, coordinator):
    index = page("programs_event_changelist")
    Membership.objects.update(last_used_on=None)
    as_coordinator.get(index)
    assert coordinator.memberships.get().last_used_on == timezone.localdate()
    with CaptureQueriesContext(connection) as captured:
        as_coordinator.get(index)
    assert not [q for q in captured if "UPDATE" in q["sql"]]
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Membership.objects.update(last_used_on=yesterday)
    as_coordinator.get(index)
    assert coordinator.memberships.get().last_used_on == timezone.localdate()


def test_my_page_is_no_use_of_the_access(as_coordinator, coordinator):
    Membership.objects.update(last_used_on=None)
    as_coordinator.get(reverse("volunteers:my_page"))
    assert coordinator.memberships.get().last_used_on is None


def make_old(membership, *, used, created):
    Membership.objects.filter(pk=membership.pk).update(last_used_on=used, created_at=created)
    return membership


def test_access_counts_as_unused_after_its_months(own, settings, time_machine):
    time_machine.move_to("2026-11-22 12:00+01:00")
    limit = datetime.date(2025, 11, 22)
    day, now = datetime.timedelta(days=1), timezone.now()
    old = now - datetime.timedelta(days=900)
    makers = {
        "long ago": {"used": limit - day, "created": old},
        "never, and old": {"used": None, "created": old},
    }
    others = {
        "on the day": {"used": limit, "created": old},
        "never, but new": {"used": None, "created": now},
    }
    unused = {make_old(factories.make_member(own), **fields).pk for fields in makers.values()}
    for fields in others.values():
        make_old(factories.make_member(own), **fields)
    make_old(factories.make_member(own, until=limit), used=limit - day, created=old)  # over
    found = accesses.unused(Membership.objects.all())
    assert set(found.values_list("pk", flat=True)) == unused


@pytest.mark.slow
def test_department_ends_unused_accesses_in_one_step(own, department, staff, coordinator):
    client = Client()
    client.force_login(staff)
    old = timezone.now() - datetime.timedelta(days=900)
    unused = [
        make_old(factories.make_member(own), used=None, created=old),
        make_old(factories.make_member(own), used=old.date(), created=old),
    ]
    foreign = make_old(
        factories.make_member(factories.make_organisation("Caritas")), used=None, created=old
    )
    start = html.unescape(client.get(reverse("admin:index")).content.decode())
    url = page("programs_membership_changelist") + "?ungenutzt=ja"
    assert url in start
    listed = client.get(url)
    assert {one.pk for one in listed.context["cl"].queryset} == {one.pk for one in unused}
    chosen = [one.pk for one in (*unused, foreign)]
    data = {"action": "end_chosen", ACTION_CHECKBOX_NAME: chosen}
    asked = client.post(url, data)
    assert asked.status_code == 200
    assert Membership.objects.filter(pk__in=chosen).count() == 3
    done = client.post(url, data | {"confirmed": "ja"})
    assert done.status_code == 302
    assert list(Membership.objects.filter(pk__in=chosen)) == [foreign]
    assert sorted(events(Kind.ROLE_ENDED)) == sorted(
        (staff.pk, f"membership {one.pk}") for one in unused
    )
    assert url not in html.unescape(client.get(reverse("admin:index")).content.decode())


@pytest.mark.slow
def test_one_step_leaves_the_last_one_until_told(own, staff):
    client = Client()
    client.force_login(staff)
    last = factories.make_member(own)
    url = page("programs_membership_changelist")
    data = {"action": "end_chosen", ACTION_CHECKBOX_NAME: [last.pk]}
    asked = client.post(url, data).content.decode()
    assert "niemand mehr da" in asked
    client.post(url, data | {"confirmed": "ja"})
    assert Membership.objects.filter(pk=last.pk).exists()
    client.post(url, data | {"confirmed": "ja", "knowing_last": "ja"})
    assert not Membership.objects.filter(pk=last.pk).exists()


def test_deputy_sees_who_works_there_and_changes_nothing(own, coordinator):
    client = Client()
    client.force_login(factories.make_member(own, role="deputy", until=in_days(1)).user)
    factories.make_invitation(own, invited_by=coordinator)
    seen = client.get(page("programs_organisation_access", own.pk)).content.decode()
    assert str(coordinator) in seen
    assert ADDRESS not in seen
    assert "Beenden" not in seen
    listed = client.get(page("programs_membership_changelist")).content.decode()
    assert "end_chosen" not in listed


@pytest.mark.slow
def test_same_queries_for_one_access_and_for_thirty(as_coordinator, own):
    url = page("programs_organisation_access", own.pk)
    counts = []
    for number in (1, 30):
        for index in range(number):
            factories.make_member(own)
            factories.make_invitation(own, email=f"n{number}-{index}@example.org")
        as_coordinator.get(url)
        with CaptureQueriesContext(connection) as captured:
            as_coordinator.get(url)
        with CaptureQueriesContext(connection) as listed:
            as_coordinator.get(page("programs_membership_changelist"))
        counts.append((len(captured), len(listed)))
    assert counts[0] == counts[1]


# --- nobody lets themselves in, and nobody comes in unseen -------------------------------------


@pytest.mark.parametrize("verified", [True, False])
def test_department_does_not_invite_an_address_of_its_own_account(own, staff, verified):
    second = "zweites@example.org"
    EmailAddress.objects.create(user=staff, email=second, verified=verified)
    client = Client()
    client.force_login(staff)
    for email in (staff.email, staff.email.upper(), second):
        response = post_invitation(client, own, email=email)
        assert response.status_code == 422
        assert "Sich selbst können Sie nicht einladen" in response.content.decode()
    assert not Invitation.objects.exists()


def test_address_that_became_the_own_one_since_opens_nothing(own, staff):
    invitation = factories.make_invitation(own, invited_by=staff)
    EmailAddress.objects.create(user=staff, email=ADDRESS, verified=True)
    assert Client().post(url_of(invitation)).status_code == 410
    assert not own.memberships.exists()


def test_coordination_hears_whom_the_department_let_in(own, coordinator, staff):
    other = factories.make_member(own).user
    factories.make_member(own, role="deputy", until=in_days(3))
    factories.make_member(own, until=in_days(-1))
    factories.make_member(own, user=factories.make_user("weg@example.org", is_active=False))
    invitation = factories.make_invitation(own, invited_by=staff)
    invitations.accept_invitation(public_id=invitation.public_id)
    assert {one.to[0] for one in mail.outbox} == {coordinator.email, other.email}
    for message in mail.outbox:
        assert len(message.to) == 1
        for word in ("Nora Neu", ADDRESS, "Koordination", str(staff), own.title):
            assert word in message.body
        assert page("programs_organisation_access", own.pk) in message.body


def test_whoever_invited_and_whoever_came_hear_nothing(own, coordinator):
    invitation = factories.make_invitation(own, invited_by=coordinator)
    invitations.accept_invitation(public_id=invitation.public_id)
    assert mail.outbox == []


def test_coordination_hears_of_roles_given_in_the_admin(own, coordinator, administrator):
    client = as_administrator(administrator)
    user = factories.make_user(ADDRESS)
    data = {"user": user.pk, "organisation": own.pk, "role": "staff", "until": ""}
    client.post(page("programs_membership_add"), data)
    membership = Membership.objects.get(user=user)
    url = page("programs_membership_change", membership.pk)
    client.post(url, data | {"role": "coordinator"})
    assert [one.to for one in mail.outbox] == [[coordinator.email]] * 2
    assert "Rolle: Fachstelle" in mail.outbox[0].body
    assert "Rolle: Koordination" in mail.outbox[1].body
    client.post(page("programs_membership_delete", membership.pk), {"post": "yes"})
    assert len(mail.outbox) == 2


# --- the account of an address -----------------------------------------------------------------


def test_second_confirmed_address_of_an_account_leads_to_this_account(own, coordinator):
    user = factories.make_user("nora.alt@example.org", password="ein-langes-wort")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True)
    url = url_of(factories.make_invitation(own, invited_by=coordinator))
    assert Client().post(url).status_code == 302
    assert own.memberships.filter(user=user, role="coordinator").exists()
    assert not User.objects.filter(email=ADDRESS).exists()
    assert EmailAddress.objects.filter(user=user).count() == 2
    user.refresh_from_db()
    assert user.check_password("ein-langes-wort")
    assert mail.outbox[-1].to == [ADDRESS]  # the code goes to the mailbox with the link


def test_confirmed_address_wins_over_an_account_that_only_typed_it(own, coordinator):
    typed = factories.make_user(ADDRESS)
    holder = factories.make_user("nora.alt@example.org")
    EmailAddress.objects.create(user=holder, email=ADDRESS, verified=True)
    url = url_of(factories.make_invitation(own, invited_by=coordinator))
    assert Client().post(url).status_code == 302
    assert own.memberships.filter(user=holder).exists()
    assert not typed.memberships.exists()


def test_address_confirmed_elsewhere_in_this_moment_is_an_answer(own, coordinator, monkeypatch):
    url = url_of(factories.make_invitation(own, invited_by=coordinator))
    holder = factories.make_user("nora.alt@example.org")
    save = EmailAddress.save

    def late(address, *args, **kwargs):
        monkeypatch.setattr(EmailAddress, "save", save)
        EmailAddress.objects.create(user=holder, email=ADDRESS, verified=True)
        save(address, *args, **kwargs)

    monkeypatch.setattr(EmailAddress, "save", late)
    assert Client().post(url).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Invitation.objects.exists()


# --- where to invite ---------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "where"), GIVEN)
def test_list_of_organisations_to_invite_for_says_what_roles_to_give_says(
    role, where, own, department
):
    at = {"own": own, "below": department, "elsewhere": factories.make_organisation("Caritas")}
    until = in_days(1) if role == "deputy" else None
    user = factories.make_member(at[where], role=role, until=until).user
    found = set(accesses.organisations_to_invite_for(user))
    everywhere = Organisation.objects.all()
    assert found == {one for one in everywhere if accesses.roles_to_give(user, one)}


def test_list_of_accesses_leads_to_inviting(as_coordinator, own, staff):
    url, invite = (
        page("programs_membership_changelist"),
        page("programs_organisation_invite", own.pk),
    )
    assert invite in as_coordinator.get(url).content.decode()
    client = Client()
    client.force_login(staff)  # the department itself, and the organisation below it
    several = client.get(url).content.decode()
    assert invite not in several
    assert "Öffnen Sie die Organisation" in several
    assert page("programs_organisation_changelist") in several
    client.force_login(factories.make_member(own, role="deputy", until=in_days(3)).user)
    none = client.get(url).content.decode()
    assert "einladen" not in none


# --- the Portalverwaltung's own forms ----------------------------------------------------------


def as_administrator(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def test_roles_given_changed_and_ended_in_the_admin_are_security_events(own, administrator):
    client = as_administrator(administrator)
    user = factories.make_user(ADDRESS)
    data = {"user": user.pk, "organisation": own.pk, "role": "coordinator", "until": ""}
    assert client.post(page("programs_membership_add"), data).status_code == 302
    membership = Membership.objects.get()
    about = f"membership {membership.pk}"
    assert events(Kind.ROLE_GIVEN) == [(administrator.pk, about)]
    url = page("programs_membership_change", membership.pk)
    assert client.post(url, data | {"role": "staff"}).status_code == 302
    assert events(Kind.ROLE_CHANGED) == [(administrator.pk, about)]
    url = page("programs_membership_delete", membership.pk)
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert events(Kind.ROLE_ENDED) == [(administrator.pk, about)]


def test_roles_on_the_page_of_an_account_are_security_events(own, administrator):
    client = as_administrator(administrator)
    member = factories.make_member(own)
    url = page("volunteers_user_change", member.user.pk)
    data = {
        "email": member.user.email,
        "name": "Katrin",
        "is_active": "on",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": member.pk,
        "memberships-0-user": member.user.pk,
        "memberships-0-organisation": own.pk,
        "memberships-0-role": "staff",
        "memberships-0-until": "",
    }
    assert client.post(url, data).status_code == 302
    about = f"membership {member.pk}"
    assert events(Kind.ROLE_CHANGED) == [(administrator.pk, about)]
    assert client.post(url, data | {"memberships-0-DELETE": "on"}).status_code == 302
    assert events(Kind.ROLE_ENDED) == [(administrator.pk, about)]
    assert client.post(url, data | {"memberships-INITIAL_FORMS": 0}).status_code in {200, 302}


def test_making_somebody_portalverwaltung_is_a_security_event(administrator):
    client = as_administrator(administrator)
    user = factories.make_user(ADDRESS)
    data = {
        "email": ADDRESS,
        "name": "",
        "is_active": "on",
        "is_superuser": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert client.post(page("volunteers_user_change", user.pk), data).status_code == 302
    assert events(Kind.ROLE_CHANGED) == [(administrator.pk, f"user {user.pk}")]
