"""„Das sind wir“: who asks, who decides, and that one decision counts."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.worklist import OPEN_POINTS, open_points
from programs.addresses import admin_path
from programs.models import FormerOrganisation, Membership, Organisation
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.errors import TransitionNotAllowed
from volunteers.links import access_requests as links
from volunteers.models import AccessRequest, Invitation
from volunteers.privacy import retention
from volunteers.reads.known_contact import known_numbers
from volunteers.services import access_requests as services
from volunteers.services import invitations
from volunteers.services.accesses import NotYours

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "Nora Neu",
    "function": "Vorsitz",
    "email": "nora@example.org",
    "phone": "0711 1234567",
}
REASON = "Die Organisation kennt Sie nicht."


@pytest.fixture
def department():
    factories.make_clearing_office()
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def circle(department):
    return factories.make_circle(
        "Freundeskreis Feuerbach", slug="feuerbach", department=department, phone="0711 215"
    )


@pytest.fixture
def staff(department):
    return factories.make_member(department, role="staff").user


@pytest.fixture
def asked(circle):
    return factories.make_access_request(circle, email="nora@example.org")


def ask(client, entry, **typed):
    return client.post(reverse("volunteers:access_ask", args=[entry.slug]), ANSWERS | typed)


def sent_link(text):
    return re.search(r"http://\S+/zugang/\S+|http://\S+/l/\S+", text)[0]


def confirmed(circle):
    services.submit_access_request(organisation=circle, answers=ANSWERS)
    return services.confirm_access_request(asked=AccessRequest.objects.get())


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_public_entry_leads_to_the_form(client, circle):
    for entry in (
        circle,
        factories.make_entry(organisation=circle),
        factories.make_programme(organisation=circle),
        factories.make_room(organisation=circle),
        circle.department,
    ):
        url = reverse("volunteers:access_ask", args=[entry.slug])
        assert url in client.get(entry.get_absolute_url()).text
        assert client.get(url).status_code == 200


def test_what_is_not_published_has_no_form(client, circle):
    hidden = factories.make_circle("Versteckt", is_published=False)
    assert client.get(reverse("volunteers:access_ask", args=[hidden.slug])).status_code == 404


def test_the_form_of_an_opportunity_is_about_its_organisation(client, circle):
    assert ask(client, factories.make_entry(organisation=circle)).status_code == 302
    assert AccessRequest.objects.get().organisation == circle


def test_it_counts_once_it_is_confirmed_by_the_mailed_link(client, circle, staff):
    assert ask(client, circle)["Location"] == reverse("volunteers:access_done")
    asked = AccessRequest.objects.get()
    assert not AccessRequest.objects.visible_to(staff).exists()
    message = mail.outbox[0]
    assert message.to == ["nora@example.org"]
    assert "Nora" not in message.body  # anybody may have typed it
    assert "Nora" not in message.subject

    url = sent_link(message.body)
    page = client.get(url, follow=True)
    assert "Ja, ich frage nach Zugang" in page.text
    asked.refresh_from_db()
    assert asked.is_unconfirmed  # a GET confirms nothing
    there = client.post(links.confirm_url(asked).removeprefix("http://localhost:8000"), follow=True)

    assert "Wir prüfen" in there.text
    assert AccessRequest.objects.visible_to(staff).get() == asked
    told = [one for one in mail.outbox if staff.email in one.to]
    assert len(told) == 1
    assert "Nora" not in told[0].body + told[0].subject


def test_the_same_person_asks_once(client, circle):
    ask(client, circle)
    ask(client, circle, function="Sprecherin")
    assert AccessRequest.objects.get().function == "Sprecherin"
    asked = AccessRequest.objects.get()
    services.confirm_access_request(asked=asked)
    ask(client, circle, function="Anders")
    assert AccessRequest.objects.get().function == "Sprecherin"  # confirmed: it stays as it is


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_double_click_on_the_form_makes_one(circle):
    send = [lambda: services.submit_access_request(organisation=circle, answers=ANSWERS)] * 3
    assert at_once(*send) == [None] * 3
    assert AccessRequest.objects.count() == 1


def test_the_database_keeps_a_person_from_asking_twice(asked):
    twin = {"name": asked.name.upper(), "email": asked.email}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_access_request(asked.organisation, **twin)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *[(name, "") for name in ANSWERS],
        ("name", "Nora\x00"),
        ("name", "x" * 10_000),
        ("function", "<b>" * 200),
        ("function", "a\nb"),
        ("email", "nora"),
        ("email", "nora@ex ample.org"),
        ("phone", "ruf mich an"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_stays(client, circle, field, typed):
    page = ask(client, circle, **{field: typed})
    assert page.status_code == 422
    assert not AccessRequest.objects.exists()
    kept = next(value for name, value in ANSWERS.items() if name != field)
    assert kept in page.text


def test_text_is_never_markup(client, circle, staff):
    ask(client, circle, function="<b>Vorsitz</b>")
    asked = services.confirm_access_request(asked=AccessRequest.objects.get())
    client.force_login(staff)
    page = client.get(admin_path(asked)).text
    assert "<b>Vorsitz" not in page
    assert "&lt;b&gt;Vorsitz" in page


def test_the_link_shows_where_it_stands_and_nothing_about_the_person(client, asked, staff):
    page = client.get(links.path(asked))
    assert "Wir prüfen" in page.text
    assert asked.phone not in page.text
    services.decline_access_request(asked=asked, reason=REASON, by=staff)
    assert REASON in client.get(links.path(asked)).text


# --- deciding -------------------------------------------------------------------------------------


def test_those_who_give_roles_there_decide_and_nobody_else(asked, circle, department):
    coordinator = factories.make_member(circle).user
    deputy = factories.make_member(circle, role="deputy", until=timezone.localdate()).user
    elsewhere = factories.make_member(factories.make_circle("Anderswo")).user
    staff = factories.make_member(department, role="staff").user
    seen = [
        AccessRequest.objects.visible_to(one).exists()
        for one in (coordinator, staff, deputy, elsewhere)
    ]
    assert seen == [True, True, False, False]
    for one in (deputy, elsewhere):
        with pytest.raises(NotYours):
            services.accept_access_request(asked=asked, role="coordinator", by=one)
        with pytest.raises(NotYours):
            services.decline_access_request(asked=asked, reason=REASON, by=one)


def test_accepting_is_one_click_and_invites(client, asked, staff):
    client.force_login(staff)
    page = client.get(admin_path(asked)).text
    assert "0711 215" in page  # the number to ring
    client.post(admin_path(asked, "step", "annehmen"), {"role": "coordinator"})

    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("accepted", staff)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("nora@example.org", "coordinator")
    member = invitations.accept_invitation(public_id=invitation.public_id)
    assert (member.role, member.set_up_step) == ("coordinator", 1)


def test_a_role_that_nobody_there_gives_is_refused(client, asked, staff):
    client.force_login(staff)
    for role in ("staff", "trust", "superuser", ""):
        page = client.post(admin_path(asked, "step", "annehmen"), {"role": role})
        assert page.status_code == 422
    assert not Invitation.objects.exists()


def test_declining_takes_a_reason_which_the_person_reads(client, asked, staff):
    client.force_login(staff)
    url = admin_path(asked, "step", "ablehnen")
    assert client.post(url, {"reason": "  "}).status_code == 422
    client.post(url, {"reason": REASON})
    asked.refresh_from_db()
    assert (asked.status, asked.reason) == ("declined", REASON)
    assert REASON in mail.outbox[-1].body
    assert mail.outbox[-1].to == [asked.email]


def test_somebody_who_works_there_already_is_not_invited_again(client, asked, staff, circle):
    factories.make_member(circle, factories.make_user(asked.email))
    client.force_login(staff)
    page = client.post(admin_path(asked, "step", "annehmen"), {"role": "coordinator"}, follow=True)
    assert "arbeitet schon für diese Organisation" in page.text
    asked.refresh_from_db()
    assert asked.is_open


def test_what_is_decided_is_not_decided_again(client, asked, staff):
    services.decline_access_request(asked=asked, reason=REASON, by=staff)
    with pytest.raises(TransitionNotAllowed):
        services.accept_access_request(asked=asked, role="coordinator", by=staff)
    assert not Invitation.objects.exists()
    client.force_login(staff)
    assert "Annehmen und einladen" not in client.get(admin_path(asked)).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_decisions_at_once_one_counts(asked, staff, circle):
    coordinator = factories.make_member(circle).user
    decided = at_once(
        lambda: services.accept_access_request(asked=asked, role="coordinator", by=staff),
        lambda: services.decline_access_request(asked=asked, reason=REASON, by=coordinator),
        lambda: services.accept_access_request(asked=asked, role="coordinator", by=coordinator),
    )
    assert sum(isinstance(one, TransitionNotAllowed) for one in decided) == 2
    asked.refresh_from_db()
    assert Invitation.objects.count() == (1 if asked.status == "accepted" else 0)


def test_the_list_accepts_several_with_the_usual_role(client, asked, staff, circle):
    second = factories.make_access_request(circle, name="Ben Zwei")
    client.force_login(staff)
    data = {"action": "accept_requests", "_selected_action": [asked.pk, second.pk]}
    page = client.post(admin_path(AccessRequest), data, follow=True)
    assert "2 Personen eingeladen." in page.text
    assert set(Invitation.objects.values_list("role", flat=True)) == {"coordinator"}


def test_at_an_office_the_department_gives_a_role_of_the_office(department, staff):
    asked = factories.make_access_request(department)
    assert services.roles_for(staff, department)[0] == Membership.Role.STAFF
    services.accept_access_request(asked=asked, role="staff", by=staff)
    assert Invitation.objects.get().role == "staff"


def test_the_list_costs_the_same_at_one_and_at_thirty(
    client, asked, staff, circle, django_assert_max_num_queries
):
    client.force_login(staff)
    client.get(admin_path(AccessRequest))
    for number in range(30):
        other = factories.make_circle(f"Kreis {number}", department=circle.department)
        factories.make_access_request(other)
    with django_assert_max_num_queries(10):
        assert "Kreis 29" in client.get(admin_path(AccessRequest)).text


@pytest.mark.slow
def test_it_is_on_the_start_page_of_those_who_decide(asked, staff):
    tile = next(one for one in open_points(staff) if "Das sind wir" in one.label)
    assert (tile.count, tile.urgent) == (1, True)
    assert len(OPEN_POINTS) == len(set(OPEN_POINTS))


# --- keeping --------------------------------------------------------------------------------------


def test_it_is_deleted_when_its_time_is_over(settings, circle):
    old = timezone.now() - timezone.timedelta(days=200)
    factories.make_access_request(circle, submitted_at=old)
    unconfirmed = {"status": "unconfirmed", "confirmed_at": None}
    week = timezone.now() - timezone.timedelta(days=8)
    factories.make_access_request(circle, submitted_at=week, name="Alt", **unconfirmed)
    kept = factories.make_access_request(circle, submitted_at=week, name="Neu")
    retention.run()
    assert list(AccessRequest.objects.all()) == [kept]


def test_the_same_mailbox_asks_for_several_organisations(circle):
    confirmed(circle)
    other = factories.make_circle("Anderswo")
    services.submit_access_request(organisation=other, answers=ANSWERS)
    assert AccessRequest.objects.count() == 2


def test_the_number_of_the_organisation_comes_first_and_each_once(circle):
    circle.phone = "0711 11 11 11"
    circle.save()
    factories.make_entry("Anderswo", organisation=circle, phone="0711 222222")
    factories.make_entry("Bei uns", organisation=circle, phone="+49 711 111111")
    found = [(one.title, one.phone) for one in known_numbers(circle)]
    assert found == [(circle.title, "0711 11 11 11"), ("Anderswo", "0711 222222")]


def test_an_organisation_that_was_merged_meanwhile_is_the_one_that_stayed(circle):
    seen = factories.make_circle("Freundeskreis Feuerbach (alt)", department=circle.department)
    gone = Organisation.objects.get(pk=seen.pk)
    gone.delete()
    with pytest.raises(Organisation.DoesNotExist):
        services.submit_access_request(organisation=seen, answers=ANSWERS)
    FormerOrganisation.objects.create(number=seen.pk, kept=circle)
    services.submit_access_request(organisation=seen, answers=ANSWERS)
    assert AccessRequest.objects.get().organisation == circle
