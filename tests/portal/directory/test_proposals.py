"""Staff see a proposed change beside the old text, and accept it, parts of it, or decline it with a reason."""

import pytest
from django.core import mail

from portal.directory import proposing
from portal.directory.models import ChangeProposal
from programs.addresses import admin_path
from programs.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle(
        contact_email="kreis@example.org", department=office, description="Alt."
    )


@pytest.fixture
def staff(client, office):
    user = factories.make_member(office, role="staff").user
    client.force_login(user)
    return user


@pytest.fixture
def proposal(circle):
    west = factories.make_district("west")
    return ChangeProposal.objects.create(
        entry=circle,
        before={"description": "Alt.", "summary": "", "districts": []},
        after={"description": "Neu.", "summary": "Kurz.", "districts": [west.pk]},
        note="Wir ziehen um.",
    )


def decide(client, proposal, **data):
    proposal.refresh_from_db()
    seen = proposing.fingerprint(proposal)
    return client.post(admin_path(proposal), {"seen": seen} | data, follow=True)


def test_old_text_stands_beside_the_new_one(client, staff, proposal):
    page = client.get(admin_path(proposal)).text
    for text in ("Alt.", "Neu.", "Kurz.", "West", "Wir ziehen um.", "bisher", "neu"):
        assert text in page
    assert "vorgeschlagene Änderung" in client.get(admin_path(ChangeProposal)).text


def test_chosen_fields_are_taken_over_and_the_organisation_is_told(client, staff, proposal, circle):
    decide(client, proposal, field=["description", "districts"])
    circle.refresh_from_db()
    assert (circle.description, circle.summary) == ("Neu.", "")
    assert [str(one) for one in circle.districts.all()] == ["West"]
    assert circle.confirmed_on is not None
    proposal.refresh_from_db()
    assert proposal.state == ChangeProposal.State.ACCEPTED
    assert proposal.accepted == ["description", "districts"]
    assert proposal.decided_by == staff
    (message,) = mail.outbox
    assert message.to == ["kreis@example.org"]
    look = next(line for line in message.body.splitlines() if "/l/" in line or "/unsere-" in line)
    page = client.get(look.partition("://")[2].partition("/")[2].join(["/", ""]), follow=True).text
    assert "Geprüft und übernommen" in page
    assert "bleibt, wie es war" in page


def test_declined_change_leaves_the_entry_and_its_reason_goes_to_the_organisation(
    client, staff, proposal, circle
):
    assert "nennen Sie den Grund" in decide(client, proposal, decline="1", reason=" ").text
    too_long = decide(client, proposal, decline="1", reason="x" * 501)
    assert (too_long.status_code, "x" * 501 in too_long.text) == (422, True)
    decide(client, proposal, decline="1", reason="Bitte ohne Namen von Menschen.")
    circle.refresh_from_db()
    assert circle.description == "Alt."
    (message,) = mail.outbox
    assert "> Bitte ohne Namen von Menschen." in message.body


def test_entry_that_changed_meanwhile_is_looked_at_again(client, staff, proposal, circle):
    seen = proposing.fingerprint(proposal)
    Organisation.objects.update(description="Inzwischen anders.")
    data = {"seen": seen, "field": ["description"]}
    answer = client.post(admin_path(proposal), data)
    assert answer.status_code == 422
    assert "Inzwischen anders." in answer.text
    circle.refresh_from_db()
    assert circle.description == "Inzwischen anders."


def test_second_click_changes_nothing_more(client, staff, proposal):
    decide(client, proposal, field=["summary"])
    again = decide(client, proposal, field=["description"])
    assert "hat inzwischen jemand entschieden" in again.text
    assert len(mail.outbox) == 1


def test_nothing_chosen_is_told(client, staff, proposal):
    assert "kreuzen Sie an" in decide(client, proposal).text


def test_value_that_is_not_possible_any_more_is_told(client, staff, circle):
    proposal = ChangeProposal.objects.create(
        entry=circle, before={"title": circle.title}, after={"title": ""}
    )
    answer = decide(client, proposal, field=["title"])
    assert answer.status_code == 422
    assert "Name:" in answer.text
    circle.refresh_from_db()
    assert circle.title


def test_other_organisation_does_not_see_it(client, proposal):
    client.force_login(factories.make_member(factories.make_circle("Freundeskreis Süd")).user)
    assert client.get(admin_path(proposal)).status_code == 404
    assert client.post(admin_path(proposal), {"field": ["summary"]}).status_code == 404


def test_list_has_a_fixed_number_of_queries(client, staff, circle, django_assert_max_num_queries):
    for number in range(30):
        ChangeProposal.objects.create(entry=circle, after={"summary": str(number)})
    with django_assert_max_num_queries(10):
        client.get(admin_path(ChangeProposal))
    ChangeProposal.objects.update(state="accepted", decided_by=staff)
    with django_assert_max_num_queries(10):
        client.get(admin_path(ChangeProposal))
