"""Writing an issue in the administration: blocks, choosing, live preview, test mail, scheduling."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from portal.models import NewsletterBlock, NewsletterIssue
from portal.newsletter import issues, suggestions
from programs.addresses import admin_path
from programs.models import Entry, Event
from tests import factories
from tests.mailserver import text_of
from volunteers.errors import DomainError

pytestmark = pytest.mark.django_db

PREFIX = "blocks"


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def staff(office):
    return factories.make_member(office, role="staff").user


@pytest.fixture
def client(staff):
    client = Client()
    client.force_login(staff)
    return client


def typed(issue, **fields):
    """What the page of the issue posts: its fields as they are, and its blocks."""
    blocks = list(issue.blocks.all())
    data = {
        "title": issue.title,
        "summary": issue.summary,
        "topics": issue.topics,
        "language": issue.language,
        f"{PREFIX}-TOTAL_FORMS": len(blocks) + 1,
        f"{PREFIX}-INITIAL_FORMS": len(blocks),
    }
    for number, block in enumerate(blocks):
        data |= {
            f"{PREFIX}-{number}-id": block.pk,
            f"{PREFIX}-{number}-issue": issue.pk,
            f"{PREFIX}-{number}-position": block.position,
            f"{PREFIX}-{number}-title": block.title,
            f"{PREFIX}-{number}-text": block.text,
            f"{PREFIX}-{number}-link": block.link,
        }
    new = len(blocks)
    data |= {f"{PREFIX}-{new}-position": 999, f"{PREFIX}-{new}-issue": issue.pk}
    data |= {f"initial-{name}": value for name, value in data.items() if "-" not in name}
    return data | fields


def test_a_new_issue_is_a_draft_and_leads_to_its_blocks(client):
    data = {"title": "Neues im Advent", "summary": "", "topics": ["news"], "language": "de"}
    response = client.post(admin_path(NewsletterIssue, "add"), data)
    issue = NewsletterIssue.objects.get()
    assert issue.status == "draft"
    assert response["Location"] == admin_path(issue)


def test_own_text_is_added_and_the_blocks_are_numbered_anew(client):
    issue = factories.make_issue(texts=["Zuerst", "Dann"])
    response = client.post(admin_path(issue), typed(issue, **{f"{PREFIX}-2-text": "Zum Schluss"}))
    assert response.status_code == 302
    rows = issue.blocks.values_list("position", "text")
    assert list(rows) == [(10, "Zuerst"), (20, "Dann"), (30, "Zum Schluss")]


def test_a_heading_without_text_is_refused_and_what_was_typed_stays(client):
    issue = factories.make_issue()
    response = client.post(
        admin_path(issue), typed(issue, **{f"{PREFIX}-1-title": "Nur ein Titel"})
    )
    assert response.status_code == 200
    page = response.content.decode()
    assert "Ein eigener Baustein braucht einen Text." in page
    assert 'value="Nur ein Titel"' in page
    assert issue.blocks.count() == 1


def test_the_preview_shows_what_was_typed_and_saves_nothing(client):
    issue = factories.make_issue(texts=["Alt"])
    data = typed(issue, title="Neuer Betreff", **{f"{PREFIX}-0-text": "Neuer **Text**"})
    response = client.post(admin_path(issue, "step", "vorschau"), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Neuer &lt;strong&gt;Text&lt;/strong&gt;" in page
    assert "Neuer Text" in page
    assert "Neuer Betreff" in page
    assert re.search(r"Größe der Mail: \d+ kB von höchstens 60 kB", page)
    issue.refresh_from_db()
    assert issue.title == "Neues im Advent"
    assert issue.blocks.get().text == "Alt"


def test_the_preview_may_stand_in_a_frame_of_the_portal_only(client):
    issue = factories.make_issue()
    response = client.get(admin_path(issue, "step", "vorschau"))
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    rules = response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in rules
    assert "script-src 'self'" in rules
    page = client.get(admin_path(issue))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_the_preview_tells_what_is_wrong_and_shows_the_rest(client):
    issue = factories.make_issue(texts=["Bleibt da"])
    over = factories.make_event("Abgesagter Abend", is_cancelled=True)
    factories.make_block(issue, event=over)
    data = typed(issue, **{f"{PREFIX}-2-title": "Ohne Text", f"{PREFIX}-0-link": "kein Link"})
    data |= {"title": ""}
    page = client.post(admin_path(issue, "step", "vorschau"), data).content.decode()
    assert "„Abgesagter Abend“ geht nicht hinaus: abgesagt" in page
    assert "Baustein 3: Ein eigener Baustein braucht einen Text." in page
    assert "Baustein 1: " in page


@pytest.mark.parametrize("field", ["title", "summary", f"{PREFIX}-0-text", f"{PREFIX}-0-link"])
@pytest.mark.parametrize("value", ["x" * 30_000, "<script>", "שלום \u202e", "a\x00b", "\ud800"])
def test_unfriendly_input_gets_a_page_from_form_and_preview(client, field, value):
    issue = factories.make_issue()
    data = typed(issue, **{field: value.encode("utf-8", "replace").decode()})
    for url in (admin_path(issue), admin_path(issue, "step", "vorschau")):
        assert client.post(url, data).status_code in {200, 302}


def test_offers_and_dates_are_chosen_from_lists(client, office):
    issue = factories.make_issue()
    entry = factories.make_entry(title="Sprachcafé Nord")
    event = factories.make_event("Bürgerdialog")
    hidden = factories.make_entry(title="Noch geheim", is_published=False)
    url = admin_path(issue, "step", "aussuchen")
    page = client.get(url).content.decode()
    assert "Sprachcafé Nord" in page
    assert "Bürgerdialog" in page
    assert "Noch geheim" not in page
    response = client.post(url, {"entry": [entry.pk], "event": [event.pk]})
    assert response["Location"] == admin_path(issue)
    shown = [str(block) for block in issue.blocks.all()]
    assert shown == ["Eigener Text", "Sprachcafé Nord", "Bürgerdialog"]
    again = client.get(url).content.decode()
    assert "Sprachcafé Nord" not in again
    client.post(url, {"entry": [entry.pk]})
    assert issue.blocks.count() == 3
    assert client.post(url, {"entry": [hidden.pk]}).status_code == 422
    assert client.post(url, {"entry": ["x", "99999999999999999999"]}).status_code == 422


def test_the_lists_can_be_searched_and_say_what_is_new(client, office):
    issue = factories.make_issue()
    factories.make_entry(title="Fahrradwerkstatt")
    old = factories.make_entry(title="Gartengruppe")
    Entry.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(days=90))
    url = admin_path(issue, "step", "aussuchen")
    found = {
        row.title: row.is_new for group in suggestions.suggestions(issue) for row in group.rows
    }
    assert found["Fahrradwerkstatt"] is True
    assert found["Gartengruppe"] is False
    page = client.get(url, {"q": "Garten\x00"}).content.decode()
    assert "Gartengruppe" in page
    assert "Fahrradwerkstatt" not in page


def test_the_lists_cost_the_same_whatever_they_hold(client, office, django_assert_max_num_queries):
    issue = factories.make_issue()
    for number in range(12):
        factories.make_entry(title=f"Einsatz {number}")
        factories.make_event(f"Termin {number}")
    with django_assert_max_num_queries(10):
        groups = suggestions.suggestions(issue)
        assert [len(group.rows) for group in groups][:2] == [12, 12]
        assert all(str(row.organisation) for group in groups[:2] for row in group.rows)


def test_an_issue_has_a_most_of_blocks(office):
    issue = factories.make_issue(texts=["x"] * 40)
    entry = factories.make_entry()
    with pytest.raises(DomainError, match="höchstens 40"):
        suggestions.take_in(
            issue=issue, entries=Entry.objects.filter(pk=entry.pk), events=Event.objects.none()
        )
    assert issue.blocks.count() == 40


@pytest.mark.slow
def test_a_test_mail_goes_to_whom_staff_say_and_is_the_issue(client, staff, smtp_server, run_jobs):
    issue = factories.make_issue(texts=["Grüß **Gott**"])
    url = admin_path(issue, "step", "testmail")
    assert f'value="{staff.email}"' in client.get(url).content.decode()
    assert client.post(url, {"to": "keine Adresse"}).status_code == 422
    response = client.post(url, {"to": "chefin@example.org"})
    assert response["Location"] == admin_path(issue)
    run_jobs()
    (sent,) = smtp_server.messages
    assert (sent["To"], sent["Subject"]) == ("chefin@example.org", "Test: Neues im Advent")
    assert "Grüß Gott" in text_of(sent)
    issue.refresh_from_db()
    assert issue.tested == issues.fingerprint(issue)


def test_the_page_before_sending_says_how_many_get_it_and_whether_it_was_tested(client):
    for number in range(3):
        factories.make_subscription(f"a{number}@example.org")
    factories.make_subscription("andere@example.org", topics=["trainings"])
    issue = factories.make_issue()
    url = admin_path(issue, "step", "planen")
    page = client.get(url).content.decode()
    assert "Zurzeit bekommen die Ausgabe 3 Adressen." in page
    assert "noch niemand eine Testmail" in page
    NewsletterIssue.objects.update(tested=issues.fingerprint(issue))
    assert "Testmail bekommen" not in client.get(url).content.decode()


def when(at=None):
    local = timezone.localtime(at) if at else None
    return {"at_0": f"{local:%Y-%m-%d}" if local else "", "at_1": f"{local:%H:%M}" if local else ""}


def test_an_issue_is_scheduled_and_taken_back(client):
    issue = factories.make_issue()
    at = timezone.now() + datetime.timedelta(days=3)
    seen = issues.fingerprint(issue)
    url = admin_path(issue, "step", "planen")
    response = client.post(url, when(at) | {"seen": seen})
    assert response["Location"] == admin_path(issue, "step", "versand")
    issue.refresh_from_db()
    assert issue.status == "scheduled"
    assert abs(issue.send_at - at) < datetime.timedelta(minutes=1)
    assert client.get(admin_path(issue)).status_code == 200
    assert client.post(admin_path(issue), typed(issue, title="Heimlich")).status_code == 403
    client.post(admin_path(issue, "step", "zuruecknehmen"))
    issue.refresh_from_db()
    assert (issue.status, issue.send_at, issue.title) == ("draft", None, "Neues im Advent")


def test_what_changed_while_the_page_was_open_is_looked_at_again(client):
    issue = factories.make_issue()
    seen = issues.fingerprint(issue)
    NewsletterBlock.objects.update(text="Etwas ganz anderes")
    response = client.post(admin_path(issue, "step", "planen"), when() | {"seen": seen})
    assert response.status_code == 422
    assert "inzwischen geändert" in response.content.decode()
    issue.refresh_from_db()
    assert issue.status == "draft"


@pytest.mark.parametrize(
    ("day", "hour", "says"),
    [
        ("2020-01-01", "10:00", "schon vorbei"),
        ("2090-01-01", "10:00", "nächsten zwölf Monaten"),
        ("2027-02-31", "10:00", "Diesen Tag gibt es nicht."),
        ("2027-02-01", "25:00", "eine Uhrzeit an, die es gibt"),
        ("2027-02-01", "", "eine Uhrzeit an"),
        ("2027-03-28", "02:30", "02:30"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(client, day, hour, says):
    issue = factories.make_issue()
    data = {"at_0": day, "at_1": hour, "seen": issues.fingerprint(issue)}
    response = client.post(admin_path(issue, "step", "planen"), data)
    assert response.status_code == 422
    assert says in response.content.decode()
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_an_empty_issue_is_not_sent(client):
    issue = factories.make_issue(texts=[])
    url = admin_path(issue, "step", "planen")
    assert "steht noch nichts" in client.get(url).content.decode()
    response = client.post(url, when() | {"seen": issues.fingerprint(issue)})
    assert response.status_code == 422
    assert (
        client.post(admin_path(issue, "step", "testmail"), {"to": "a@example.org"}).status_code
        == 422
    )


def test_a_copy_is_a_draft_with_the_same_blocks(client, office):
    issue = factories.make_issue(texts=["Eins", "Zwei"])
    factories.make_block(issue, entry=factories.make_entry(title="Sprachcafé"))
    response = client.post(admin_path(issue, "step", "kopieren"))
    copy = NewsletterIssue.objects.exclude(pk=issue.pk).get()
    assert response["Location"] == admin_path(copy)
    assert sorted(map(str, copy.blocks.all())) == sorted(map(str, issue.blocks.all()))
    assert copy.status == "draft"


def test_a_step_that_does_not_fit_the_status_is_refused_in_words(client):
    issue = factories.make_issue()
    for step in ("zuruecknehmen", "anhalten", "weiter", "abbrechen", "ausblenden"):
        response = client.post(admin_path(issue, "step", step), follow=True)
        assert response.redirect_chain == [(admin_path(issue), 302)]
        page = response.content.decode()
        assert "Das geht nicht mehr" in page or "noch keine Seite" in page
    assert client.get(admin_path(issue, "step", "gibt-es-nicht")).status_code == 404
