"""Notes for editors stand in the administration only, and the public page is whole without them."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import LINKED_PAGES, Page
from portal.notes import MARK, notes, without_notes
from portal.reference.files import DATA, read_page
from tests import factories

NOTE = f"**{MARK}:** die Anschrift."


@pytest.fixture
def staff():
    client = Client()
    client.force_login(factories.make_user(is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("text", "public"),
    [
        (f"Eins.\n\n{NOTE}\n\nZwei.", "Eins.\n\nZwei."),
        (f"Eins.\r\n\r\n{NOTE}\r\n\r\nZwei.", "Eins.\n\nZwei."),
        (f"{NOTE}\nzweite Zeile der Notiz\n\nZwei.", "Zwei."),
        (f"## Leer\n\n{NOTE}\n\n## Voll\n\nText.", "## Voll\n\nText."),
        (f"## Oben\n\n### Leer\n\n{NOTE}\n\n## Voll\n\nText.", "## Voll\n\nText."),
        (f"## Oben\n\n### Leer\n\n{NOTE}\n\n### Voll\n\nText.", "## Oben\n\n### Voll\n\nText."),
        (f"## Oben\n\nText.\n\n## Ende\n\n{NOTE}", "## Oben\n\nText."),
        (f"- Punkt\n- {NOTE}\n- noch einer", "- Punkt\n- noch einer"),
        (f"Text.\n{NOTE}\n## Weiter\n\nText.", "Text.\n## Weiter\n\nText."),
        (f"{MARK}: ohne Fettdruck", ""),
        (f"{MARK.upper()}: in Großbuchstaben", ""),
        (f"Was „{MARK}“ heißt.", f"Was „{MARK}“ heißt."),
        ("", ""),
    ],
)
def test_public_text_is_without_notes_and_empty_headings(text, public):
    assert without_notes(text) == public


def test_notes_are_listed_without_their_mark():
    text = f"Text.\n\n{NOTE}\n\n- {MARK}: Telefon\n\nMehr."
    assert notes(text) == ["die Anschrift.", "Telefon"]


@pytest.mark.parametrize("slug", sorted(path.stem for path in (DATA / "pages").glob("*.md")))
def test_page_of_the_starting_data_is_whole_without_its_notes(slug):
    body = read_page(DATA / "pages" / f"{slug}.md")["body"]
    public = without_notes(body)
    assert MARK not in public
    lines = [line for line in public.splitlines() if line]
    assert not lines[-1].startswith("#")
    for line, following in itertools.pairwise(lines):
        assert not (line.startswith("## ") and following.startswith("## ")), line


@pytest.mark.django_db
def test_public_page_hides_notes_and_the_administration_shows_them(client, staff):
    body = f"## Wer\n\nDie Stadt.\n\n## Wo\n\n{NOTE}"
    page = Page.objects.create(slug="anschrift", title="Anschrift", body=body)
    public = client.get(page.get_absolute_url()).text
    assert "Die Stadt." in public
    assert MARK not in public
    assert ">Wo</h2>" not in public
    form = staff.get(reverse("admin:portal_page_change", args=[page.pk])).text
    assert "<li>die Anschrift.</li>" in form
    assert '<div class="page-preview"><h2 id="abschnitt-wer">Wer</h2>' in form
    listed = staff.get(reverse("admin:portal_page_changelist")).text
    assert '<td class="field-open_notes">1</td>' in listed


@pytest.mark.django_db
def test_page_that_the_portal_links_to_stays_published(client, staff):
    page = Page.objects.create(slug="so-laeuft-es", title="So läuft es", body="Text.")
    url = reverse("admin:portal_page_change", args=[page.pk])
    form = {"title": "Neu", "body": "Neuer Text."}
    assert staff.post(url, form).status_code == 302
    page.refresh_from_db()
    assert (page.title, page.is_published) == ("Neu", True)
    assert staff.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [page.pk], "post": "yes"}
    staff.post(reverse("admin:portal_page_changelist"), bulk)
    assert client.get(page.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_every_linked_page_is_in_the_starting_data_and_linked(client):
    factories.make_clearing_office()
    assert {path.stem for path in (DATA / "pages").glob("*.md")} == LINKED_PAGES
    home = client.get("/").text
    for slug in LINKED_PAGES - {"willkommensraeume-konzept"}:
        assert reverse("portal:page", args=[slug]) in home, slug
