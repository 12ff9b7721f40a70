"""What the columns of a file mean: guessed, shown, corrected, remembered."""

import io

import openpyxl
import pytest

from programs.models import ColumnMapping, ListImport
from tests import factories
from tests.clients import client_of
from tests.importing import (
    can_confirm,
    columns_page,
    confirm,
    next_page,
    page_text,
    preview_of,
    send,
    shown,
    upload,
)
from volunteers.models import Application

pytestmark = pytest.mark.django_db
VOLUNTEERS = "volunteers_volunteer"


def lines(*rows: str) -> bytes:
    return "\r\n".join(rows).encode()


@pytest.fixture
def katrin():
    return factories.make_member(factories.make_circle()).user


def meanings(response):
    form = response.context["form"]
    return [form[name].value() for name in form.column_names]


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        ("Name;E-Mail", ["name", "email"]),
        ("NAME;e mail", ["name", "email"]),
        ("Nachname;Vorname;Mail", ["family_name", "given_name", "email"]),
        ("Name;Vorname;Mail", ["family_name", "given_name", "email"]),
        ("Name;Vorname;Nachname;Mail", ["name", "", "", "email"]),
        ("Name;E-Mail;Handy;Tel. privat", ["name", "email", "phone", "phone"]),
        ("Name;E-Mail;E-Mail", ["name", "email", ""]),
        ("Name;E-Mail;Telefon (mobil, privat)", ["name", "email", "phone"]),
        ("Name;E-Mail;Schuhgröße;", ["name", "email", ""]),
    ],
)
def test_meaning_is_guessed_from_the_heading(katrin, headings, meant):
    assert (
        meanings(columns_page(katrin, VOLUNTEERS, lines(headings, "A;B;C;D"[: 2 * len(meant) - 1])))
        == meant
    )


def test_page_shows_first_values_and_says_what_is_left_out(katrin):
    response = columns_page(
        katrin, VOLUNTEERS, lines("Name;E-Mail;Schuhgröße", "Amira;a@example.org;42")
    )
    text = page_text(response)
    assert "Spalte C: Schuhgröße" in text
    assert "<bdi>42</bdi>" in text
    assert "– nicht übernehmen –" in text
    assert "Schuhgröße" not in preview_of(next_page(katrin, response))["headings"]


def test_wrong_guess_is_corrected(katrin):
    data = lines("Kontakt;Wer", "a@example.org;Amira")
    first = columns_page(katrin, VOLUNTEERS, data)
    stuck = next_page(katrin, first)
    assert stuck.status_code == 422
    assert "fehlt noch die Spalte „Name“, „E-Mail“" in page_text(stuck)
    assert can_confirm(next_page(katrin, first, column_0="email", column_1="name"))


@pytest.mark.slow
def test_what_was_chosen_is_remembered_for_the_organisation(katrin):
    data = lines("Kontakt;Wer", "a@example.org;Amira")
    preview = upload(katrin, VOLUNTEERS, data, column_0="email", column_1="name")
    assert not ColumnMapping.objects.exists()
    confirm(katrin, VOLUNTEERS, preview)
    colleague = factories.make_member(katrin.memberships.get().organisation).user
    assert meanings(columns_page(colleague, VOLUNTEERS, data)) == ["email", "name"]
    stranger = factories.make_member(factories.make_circle("Freundeskreis Süd")).user
    assert meanings(columns_page(stranger, VOLUNTEERS, data)) == ["", ""]


def test_remembered_meaning_does_not_outlive_its_column(katrin):
    organisation = katrin.memberships.get().organisation
    ColumnMapping.objects.create(
        organisation=organisation, target="volunteers.volunteer", columns={"name": "gone"}
    )
    assert meanings(columns_page(katrin, VOLUNTEERS, lines("Name;E-Mail", "A;B"))) == [
        "name",
        "email",
    ]


def test_same_meaning_twice_is_refused_where_values_cannot_be_joined(katrin):
    first = columns_page(
        katrin, VOLUNTEERS, lines("Name;E-Mail;Mail2", "A;a@example.org;b@example.org")
    )
    stuck = next_page(katrin, first, column_2="email")
    assert "„E-Mail“ ist mehrmals gewählt" in page_text(stuck)


def test_another_row_of_headings_shows_the_columns_again(katrin):
    data = lines("Name;E-Mail", "Vorname;Mail", "Amira;a@example.org")
    first = columns_page(katrin, VOLUNTEERS, data)
    again = next_page(katrin, first, heading_row="1")
    assert meanings(again) == ["given_name", "email"]
    assert preview_of(next_page(katrin, again))["total"] == 1


def test_other_letters_are_read_anew(katrin):
    data = "Name;E-Mail\r\nRené;r@example.org\r\n".encode("mac_roman")
    first = columns_page(katrin, VOLUNTEERS, data)
    assert "<bdi>René</bdi>" in page_text(first)
    again = next_page(katrin, first, encoding="cp850")
    assert "<bdi>RenÄ</bdi>" in page_text(again)
    assert again.context["form"]["encoding"].value() == "cp850"


@pytest.mark.parametrize(
    "tampered",
    [
        {"column_0": "owner"},
        {"heading_row": "99"},
        {"heading_row": "x"},
        {"step": "columns", "column_1": "\x00"},
    ],
)
def test_tampered_choices_are_refused(katrin, tampered):
    first = columns_page(katrin, VOLUNTEERS, lines("Name;E-Mail", "A;a@example.org"))
    assert next_page(katrin, first, **tampered).status_code == 422
    assert ListImport.objects.get().state == "columns"


def test_list_can_be_discarded_at_every_step(katrin):
    for page in (columns_page, upload):
        response = page(katrin, VOLUNTEERS, lines("Name;E-Mail", "A;a@example.org"))
        url = response.context["upload"].get_absolute_url()
        assert client_of(katrin).post(url, {"step": "discard"}).status_code == 302
        assert not ListImport.objects.exists()
    assert not Application.objects.exists()


def test_way_back_from_the_preview_keeps_what_was_chosen(katrin):
    data = lines("Kontakt;Wer", "a@example.org;Amira")
    preview = upload(katrin, VOLUNTEERS, data, column_0="email", column_1="name")
    url = preview.context["upload"].get_absolute_url()
    client_of(katrin).post(url, {"step": "back"})
    back = client_of(katrin).get(url)
    assert shown(back.context["form"])["column_0"] == "email"


def test_phone_numbers_without_their_beginning_are_completed_and_named(katrin):
    book = openpyxl.Workbook()
    numbers = {"A": 711123456, "B": "0711 1", "C": 491701234567}
    book.active.append(["Name", "E-Mail", "Telefon"])
    for name, number in numbers.items():
        book.active.append([name, f"{name}@example.org", number])
    book.save(file := io.BytesIO())
    preview = preview_of(upload(katrin, VOLUNTEERS, file.getvalue()))
    phones = [row["cells"][2][1] for row in preview["rows"]]
    assert phones == ["0711123456", "0711 1", "+491701234567"]
    assert "Zeile 2, 4" in preview["notes"][0]


@pytest.mark.parametrize(
    ("written", "doubtful"),
    [
        ("711123456", True),
        ("711 / 12 34 56", True),
        ("0711 123456", False),
        ("+49 711 123456", False),
        ("12345", False),
        ("", False),
    ],
)
def test_a_number_that_may_have_lost_its_beginning_in_a_csv_file_is_asked_about(
    katrin, written, doubtful
):
    data = lines("Name;E-Mail;Telefon", f"Ada Probe;ada@example.org;{written}")
    preview = preview_of(upload(katrin, VOLUNTEERS, data))
    said = [note for note in preview["notes"] if "Vorwahl" in note]
    assert ["Zeile 2." in note for note in said] == [True] * doubtful
    assert preview["rows"][0]["cells"][preview["headings"].index("Telefon")][1] == written


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_takes_a_list_through_all_steps(katrin, run_jobs):
    """With real jobs; the pages wait in between and load themselves anew."""
    client = client_of(katrin)
    url = send(katrin, VOLUNTEERS, lines("Name;E-Mail", "Amira;a@example.org"))["Location"]
    waiting = client.get(url)
    assert (waiting["Refresh"], waiting.context["upload"].state) == ("2", "reading")
    assert "Refresh" not in client.get(url, {"anhalten": ""})
    run_jobs()
    form = client.get(url).context["form"]
    client.post(url, {"step": "columns", **shown(form)})
    assert client.get(url)["Refresh"] == "2"
    run_jobs()
    digest = client.get(url).context["upload"].digest
    for _click in range(2):
        client.post(url, {"step": "confirm", "digest": digest})
    run_jobs()
    assert "Import fertig: 1 neu" in page_text(client.get(url))
    assert Application.objects.count() == 1
    assert bytes(ListImport.objects.get().data) == b""
