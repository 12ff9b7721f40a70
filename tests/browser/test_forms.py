"""Forms in a real browser: long texts, and what happens to what was typed."""

import pytest
from playwright.sync_api import expect

from tests import factories
from volunteers.models import Application

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 2000
PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
    document.execCommand("insertText", false, text);
}"""


@pytest.fixture
def cafe():
    factories.make_clearing_office()
    return factories.make_entry(title="Sprachcafé")


def test_pasted_text_is_counted_and_never_cut(phone_page, cafe):
    page = phone_page
    page.goto(f"/anmelden/{cafe.slug}/")
    page.get_by_label("Wie heißen Sie?").fill("Amina")
    page.get_by_label("E-Mail").fill("amina@example.org")
    page.get_by_label("18 Jahre oder älter").check()
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_text("Telefon oder Nachricht dazu").click()
    text = page.get_by_label("Möchten Sie uns noch etwas sagen?")
    expect(page.get_by_text(f"Höchstens {LIMIT} Zeichen")).to_be_visible()
    text.focus()
    page.evaluate(PASTE, "ä\n" * 10 + "x" * 1850)
    expect(page.get_by_text("noch 120 Zeichen").first).to_be_visible()
    page.evaluate(PASTE, "y" * 160)
    expect(page.get_by_text("40 Zeichen zu viel").first).to_be_visible()
    assert len(text.input_value()) == 20 + 1850 + 160
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page).to_have_title("Fehler: Anmelden: Sprachcafé · Freiwilligenportal Stuttgart")
    expect(page.get_by_text("Bitte kürzen Sie um 40 Zeichen.").first).to_be_visible()
    text = page.get_by_label("Möchten Sie uns noch etwas sagen?")
    typed = text.input_value()
    assert typed.endswith("y" * 160)
    text.fill(typed[:-40])
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page.get_by_role("heading", name="Fast geschafft")).to_be_visible()
    assert Application.objects.get().message.endswith("y" * 120)
