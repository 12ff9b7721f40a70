"""An organisation looks at its entries, confirms and changes them by a mailed link, without an account."""

import datetime
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.directory import proposing
from portal.directory.models import ChangeProposal, ChangeRule, Upkeep
from programs.models import Organisation
from tests import factories
from volunteers.links import organisations as links
from volunteers.links.organisations import Purpose
from volunteers.links.signing import LinkExpired, WrongLink

pytestmark = pytest.mark.django_db

PAGE = {
    Purpose.LOOK: "portal:our_entries",
    Purpose.CONFIRM: "portal:entries_confirm",
    Purpose.CHANGE: "portal:entries_change",
}


@pytest.fixture
def office():
    return factories.make_clearing_office(phone="0711 216-0")


@pytest.fixture
def circle(office):
    return factories.make_circle(
        contact_email="kreis@example.org",
        department=office,
        description="Wir treffen uns.",
        phone="0711 123",
    )


def token(circle, purpose):
    (recipient,) = links.recipients(circle)
    return links.token(purpose, circle, recipient)


def path(circle, purpose, *more):
    name = "portal:entry_change" if more else PAGE[purpose]
    return reverse(name, args=[token(circle, purpose), *more])


def form_of(client, url):
    """What a browser sends when nothing is changed on the page."""
    form = client.get(url).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        value = [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
        if value is None or value is False:
            continue
        data[bound.html_name] = "on" if value is True else value
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = str(value) if isinstance(value, bool) else value
    for bound in form:
        if bound.field.show_hidden_initial and bound.value() is False:
            data[bound.html_initial_name] = "False"
    return data


def change(client, circle, **new):
    url = path(circle, Purpose.CHANGE, circle.pk)
    return client.post(url, form_of(client, url) | new, follow=True)


def test_get_shows_and_only_the_post_confirms(client, circle):
    url = path(circle, Purpose.CONFIRM)
    page = client.get(url)
    assert "Wir treffen uns." in page.text
    circle.refresh_from_db()
    assert circle.confirmed_on is None
    for _double_click in range(2):
        answer = client.post(url, {"entry": [circle.pk]}, follow=True)
        assert "Danke, Ihre Einträge sind bestätigt" in answer.text
    circle.refresh_from_db()
    assert circle.confirmed_on == timezone.localdate()
    assert Upkeep.objects.get().kind == Upkeep.Kind.CONFIRMED
    public = client.get(circle.get_absolute_url()).text
    assert f"zuletzt bestätigt am {timezone.localdate():%d.%m.%Y}" in public


def test_only_what_the_page_has_shown_is_confirmed_and_nothing_of_others(client, circle):
    other = factories.make_circle("Freundeskreis Süd")
    later = factories.make_entry("Sprachcafé", organisation=circle)
    url = path(circle, Purpose.CONFIRM)
    client.post(url, {"entry": [circle.pk, other.pk, "x", "9" * 40, "9" * 5000]})
    assert Organisation.objects.get(pk=other.pk).confirmed_on is None
    later.refresh_from_db()
    assert later.confirmed_on is None
    assert "Alles stimmt noch" in client.get(url).text


def test_what_the_portal_has_hidden_is_back_when_it_is_confirmed(client, circle):
    Organisation.objects.update(is_published=False, hidden_on=timezone.localdate())
    url = path(circle, Purpose.CONFIRM)
    assert "zurzeit nicht zu sehen" in client.get(url).text
    client.post(url, {"entry": [circle.pk]})
    circle.refresh_from_db()
    assert (circle.is_published, circle.hidden_on) == (True, None)


def test_text_waits_and_times_hold_at_once(client, circle):
    done = change(client, circle, description="Jeden Montag.", phone="0711 456", weekdays=["0"])
    assert "Das steht schon auf der Seite" in done.text
    assert "Das prüft erst noch ein Mensch" in done.text
    circle.refresh_from_db()
    assert (circle.phone, circle.weekdays) == ("0711 456", [0])
    assert circle.description == "Wir treffen uns."
    assert circle.confirmed_on is None, "somebody still has to look at a text"
    proposal = ChangeProposal.objects.get()
    assert proposal.state == ChangeProposal.State.WAITING
    assert proposal.before == {
        "description": "Wir treffen uns.",
        "phone": "0711 123",
        "weekdays": [],
    }
    assert proposal.live == ["phone", "weekdays"]


def test_change_that_holds_at_once_confirms_the_entry(client, circle):
    change(client, circle, phone="0711 456")
    circle.refresh_from_db()
    assert circle.confirmed_on == timezone.localdate()
    assert ChangeProposal.objects.get().state == ChangeProposal.State.LIVE
    change(client, circle)
    assert ChangeProposal.objects.count() == 1, "sent without a change"


def test_rules_say_what_holds_at_once(client, circle):
    ChangeRule.objects.create(field="phone", at_once=False)
    ChangeRule.objects.create(field="description", at_once=True)
    change(client, circle, description="Jeden Montag.", phone="0711 456")
    circle.refresh_from_db()
    assert (circle.phone, circle.description) == ("0711 123", "Jeden Montag.")


@pytest.mark.slow
def test_new_proposal_takes_the_place_of_the_one_that_waits(client, circle):
    change(client, circle, description="Jeden Montag.")
    change(client, circle, description="Jeden Montag.")
    assert ChangeProposal.objects.count() == 1, "a double click"
    change(client, circle, summary="Neu.")
    newest, first = ChangeProposal.objects.all()
    assert first.state == ChangeProposal.State.REPLACED
    assert newest.after == {"description": "Jeden Montag.", "summary": "Neu."}
    change(client, circle, description="Wir treffen uns.", summary="")
    assert not ChangeProposal.objects.waiting().exists(), "taken back"


UNCLEAN = {
    "description": ["<script>alert(1)</script>", "Siehe https://boese.example", "an a@b.example"],
    "title": ["", "x" * 161, "Frei\x00raum", "Kreis\u202eredro"],
    "summary": ["<b>fett</b>", "x" * 301],
    "phone": ["anrufen!", "0711\x00"],
    "website": ["javascript:alert(1)", "ftp://x"],
    "places": ["-1", "viele", "99999999"],
    "status": ["weg"],
    "weekdays": [["9"]],
    "districts": [["x"], ["99999999"]],
    "note": ["x" * 1001, "a\x00b"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", UNCLEAN)
def test_unfit_input_is_told_and_what_was_typed_stays(client, circle, name):
    url = path(circle, Purpose.CHANGE, circle.pk)
    for typed in UNCLEAN[name]:
        data = form_of(client, url) | {name: typed, "requirements": "Das bleibt stehen"}
        answer = client.post(url, data)
        assert answer.status_code == 422, typed
        assert "Das bleibt stehen" in answer.text
    assert not ChangeProposal.objects.exists()


def test_two_at_once_change_the_same_field_and_the_second_one_is_told(client, circle):
    url = path(circle, Purpose.CHANGE, circle.pk)
    data = form_of(client, url)
    Organisation.objects.update(description="Die Fachstelle war schneller.")
    answer = client.post(url, data | {"description": "Jeden Montag."})
    assert answer.status_code == 422
    assert "Das hat inzwischen jemand anderes geändert" in answer.text
    assert "Die Fachstelle war schneller." in answer.text
    other = client.post(url, data | {"phone": "0711 9"})
    assert other.status_code == 302
    assert ChangeProposal.objects.get().after == {"phone": "0711 9"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_double_click_of_two_requests_makes_one_proposal(circle):
    (recipient,) = links.recipients(circle)
    holder = links.Holder(circle, recipient, timezone.now())
    start = threading.Barrier(2)

    def click():
        start.wait()
        proposing.propose(holder=holder, entry=circle, values={"description": "Neu."})
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ChangeProposal.objects.get().is_waiting


@pytest.mark.parametrize("purpose", list(PAGE))
def test_each_purpose_has_an_end_of_its_own_and_a_way_to_a_new_link(client, circle, purpose):
    url = path(circle, purpose)
    last = timezone.now() + datetime.timedelta(days=links.days(purpose), seconds=-60)
    with time_machine.travel(last, tick=False):
        assert client.get(url, follow=True).status_code == 200
    with time_machine.travel(last + datetime.timedelta(seconds=120), tick=False):
        over = client.get(url)
        assert over.status_code == 410
        assert "Neuen Link schicken" in over.text
        new = reverse("portal:entries_new_link", args=[purpose.name.lower(), url.split("/")[2]])
        assert new in over.text
        assert client.get(new).status_code == 200
        assert not mail.outbox
        assert client.post(new).status_code == 200
        (message,) = mail.outbox
        assert message.to == ["kreis@example.org"]


def test_page_for_a_new_link_says_what_it_is_for(client, circle):
    entry = reverse("portal:entries_new_link", args=["look", token(circle, Purpose.LOOK)])
    assert "die Einträge ansehen, bestätigen und ändern" in client.get(entry).text
    answer = reverse("portal:entries_new_link", args=["answer", token(circle, Purpose.ANSWER)])
    assert "die Anmeldungen ansehen und beantworten" in client.get(answer).text


def test_link_of_one_purpose_opens_nothing_of_another_and_a_tampered_one_nothing(client, circle):
    for purpose, name in PAGE.items():
        value = token(circle, purpose)
        for other in set(Purpose) - {purpose}:
            with pytest.raises(WrongLink):
                links.read(other, value)
        for wrong in (value[:-1] + ("A" if value[-1] != "A" else "B"), value[:20], f"{value}A"):
            page = client.get(reverse(name, args=[wrong]))
            assert page.status_code == 404
            assert "Eintrag pflegen" in page.text


def test_link_ends_when_the_address_is_another_one_or_the_member_has_left(circle):
    contact = token(circle, Purpose.CONFIRM)
    circle.contact_email = "neu@example.org"
    circle.save()
    with pytest.raises(LinkExpired):
        links.read(Purpose.CONFIRM, contact)
    member = factories.make_member(circle)
    (recipient,) = links.recipients(circle)
    assert recipient.user == member.user, "members come first"
    of_member = links.token(Purpose.CONFIRM, circle, recipient)
    assert links.read(Purpose.CONFIRM, of_member).user == member.user
    member.delete()
    with pytest.raises(LinkExpired):
        links.read(Purpose.CONFIRM, of_member)


def test_token_carries_no_address(circle):
    import base64

    value = token(circle, Purpose.CONFIRM)
    opened = base64.urlsafe_b64decode(value.split(":")[0] + "==")
    assert b"kreis" not in opened
    assert b"@" not in opened


def test_new_link_goes_to_the_known_address_and_nothing_tells_whether_there_is_one(client, circle):
    unknown = factories.make_circle("Freundeskreis Süd")
    answers = [
        client.post(reverse("portal:entry_link", args=[one.slug])) for one in (circle, unknown)
    ]
    assert answers[0].text.replace(circle.slug, "") == answers[1].text.replace(unknown.slug, "")
    (message,) = mail.outbox
    assert message.to == ["kreis@example.org"]


def test_page_shows_entries_with_a_fixed_number_of_queries(
    client, circle, django_assert_max_num_queries
):
    url = path(circle, Purpose.CONFIRM)
    for number in range(12):
        entry = factories.make_entry(f"Angebot {number}", organisation=circle)
        ChangeProposal.objects.create(entry=entry, before={"summary": ""}, after={"summary": "Neu"})
    with django_assert_max_num_queries(10):
        page = client.get(url)
    assert page.text.count("Ihre Änderung vom") == 12


def test_history_names_the_member_whose_link_it_was(circle):
    from programs.history import table_of
    from programs.models import Entry

    member = factories.make_member(circle)
    (recipient,) = links.recipients(circle)
    holder = links.Holder(circle, recipient, timezone.now())
    proposing.propose(holder=holder, entry=circle, values={"phone": "0711 9"})
    row = table_of(Entry)._default_manager.filter(pgh_obj_id=circle.pk).latest("pgh_id")
    assert row.pgh_context["user"] == member.user.pk


def test_foreign_entry_is_not_found_behind_a_right_link(client, circle):
    other = factories.make_circle("Freundeskreis Süd")
    url = reverse("portal:entry_change", args=[token(circle, Purpose.CHANGE), other.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"title": "Gekapert"}).status_code == 404


def test_posts_need_the_form(circle):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(circle, Purpose.CONFIRM), {"entry": [circle.pk]}).status_code == 403
