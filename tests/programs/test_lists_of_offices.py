"""Files as offices have them, one fault each: every file of ``lists/`` is taken or refused as it should be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from programs.models import Membership
from tests import factories
from tests.importing import (
    can_confirm,
    columns_page,
    next_page,
    page_text,
    preview_of,
    problems,
    upload,
)

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "lists"
VOLUNTEERS, ORGANISATIONS, EVENTS = (
    "volunteers_volunteer",
    "programs_organisation",
    "programs_event",
)
Check = Callable[[Any], None]


@pytest.fixture
def sabine():
    """Staff of a department, which may import all lists."""
    factories.make_clearing_office()
    office = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    factories.make_district("mitte", name="Stuttgart-Mitte", short_name="Mitte")
    return factories.make_member(office, role=Membership.Role.STAFF).user


def taken(*rows: dict[str, str]) -> Check:
    """All rows are new, and say at least this."""

    def check(response: Any) -> None:
        assert can_confirm(response), page_text(response)
        preview = preview_of(response)
        assert preview["totals"] == {"new": len(rows), "update": 0, "skip": 0}
        for row, wanted in zip(preview["rows"], rows, strict=True):
            cells = {
                h: new for h, (_old, new) in zip(preview["headings"], row["cells"], strict=True)
            }
            assert cells | wanted == cells

    return check


def refused(*faults: tuple[int, str, str]) -> Check:
    """These are all faults: row, column, and a part of the sentence."""

    def check(response: Any) -> None:
        found = problems(response)
        assert [(row, column) for row, column, _why in found] == [one[:2] for one in faults]
        for (_row, _column, why), (_r, _c, part) in zip(found, faults, strict=True):
            assert part in why
        assert not can_confirm(response)

    return check


def unreadable(part: str) -> Check:
    def check(response: Any) -> None:
        assert response.context["upload"].state == "refused"
        assert part in response.context["upload"].reason

    return check


def lacking(column: str) -> Check:
    """The columns were told apart; one that is needed is not there, which the columns page says."""

    def check(response: Any) -> None:
        assert response.status_code == 422
        assert [f.label for f in response.context["form"]][-2:] == [
            "Spalte A: Name",
            "Spalte B: Ansprechstelle, Funktion",
        ]
        assert f"fehlt noch die Spalte „{column}“" in page_text(response)

    return check


def name(*names: str, heading: str = "Name") -> Check:
    return taken(*({heading: one} for one in names))


EVENT = {"Organisation": "Abteilung Integrationspolitik", "Art": "Begegnung"}
CLOCK = "weil die Uhr umgestellt wird"
FILES: dict[str, tuple[str, Check]] = {
    "csv_cp850_msdos.csv": (VOLUNTEERS, name("Jürgen Müßig-Größe")),
    "csv_kurzbeschreibung_viele_kommas.csv": (VOLUNTEERS, taken({"Telefon": "0711 1"})),
    "csv_leere_erste_zeile_komma.csv": (ORGANISATIONS, name("FK Leerzeile")),
    "csv_mac_zeilenende.csv": (VOLUNTEERS, name("Ada Macprobe")),
    "csv_persisch_dari.csv": (VOLUNTEERS, taken({"Sprachen": "Persisch/Dari"})),
    "csv_sep_zeile.csv": (VOLUNTEERS, name("Sep Probe")),
    "csv_telefon_wissenschaftlich.csv": (VOLUNTEERS, refused((2, "Telefon", "Ziffern verloren"))),
    "csv_termin_persisch_dari.csv": (EVENTS, taken(EVENT | {"Sprachen": "Deutsch, Persisch/Dari"})),
    "csv_titelzeile.csv": (ORGANISATIONS, name("FK Titelzeile")),
    "csv_ueberschrift_mit_komma.csv": (ORGANISATIONS, lacking("Art der Organisation")),
    "csv_utf16_tab.txt": (VOLUNTEERS, name("Şükrü Öz")),
    "csv_utf8_ohne_bom_defektes_byte.csv": (VOLUNTEERS, unreadable("Zeile 3: In „Zo? Beispiel“")),
    "csv_zitat_und_umbruch.csv": (VOLUNTEERS, refused((2, "Name", 'kein „"“'))),
    "numbers_umbenannt.xlsx": (VOLUNTEERS, unreadable("Apple Numbers")),
    "xlsb_umbenannt.xlsx": (VOLUNTEERS, unreadable(".xlsb")),
    "xlsx_adresse_ist_anschrift.xlsx": (ORGANISATIONS, refused((2, "Adresse", "keine Anschrift"))),
    "xlsx_ausgefilterte_zeile.xlsx": (ORGANISATIONS, name("FK Sichtbar", "FK Ausgefiltert")),
    "xlsx_bidi_steuerzeichen.xlsx": (VOLUNTEERS, refused((2, "Name", "Steuerzeichen"))),
    "xlsx_datumssystem_1904.xlsx": (ORGANISATIONS, taken({"Stand": "31.12.2018"})),
    "xlsx_echte_kopfzeile.xlsx": (
        VOLUNTEERS,
        taken({"Name": "Ada Probe", "E-Mail": "ada@example.org", "Telefon": "0711 1, 0170 1"}),
    ),
    "xlsx_erstes_blatt_versteckt.xlsx": (ORGANISATIONS, name("FK Zweites Blatt")),
    "xlsx_formel_ohne_wert.xlsx": (VOLUNTEERS, refused((2, "Name", "Formel ohne Ergebnis"))),
    "xlsx_leeres_fill_element.xlsx": (ORGANISATIONS, name("FK Fill")),
    "xlsx_ohne_email.xlsx": (VOLUNTEERS, taken({"Name": "Alte Dame Probe", "E-Mail": ""})),
    "xlsx_paar_ein_postfach.xlsx": (VOLUNTEERS, name("Anna Import", "Bernd Import")),
    "xlsx_plaetze_0_minus.xlsx": (
        EVENTS,
        refused(
            (2, "Plätze", "Mindestens ein Platz"),
            (3, "Plätze", "keine ganze Zahl"),
            (4, "Plätze", "keine ganze Zahl"),
        ),
    ),
    "xlsx_sehr_langes_wort.xlsx": (EVENTS, taken({"Plätze": "5"})),
    "xlsx_sprachen.xlsx": (
        VOLUNTEERS,
        taken(
            {
                "Sprachen": "Deutsch, Arabisch",
                "Wochentage": "Montag, Dienstag, Mittwoch, Donnerstag, Freitag",
            },
            {"Sprachen": "Deutsch, Englisch", "Wochentage": "Montag, Dienstag"},
            {"Sprachen": "Deutsch, Türkisch", "Wochentage": "Montag"},
        ),
    ),
    "xlsx_termin_langes_wort.xlsx": (EVENTS, taken(EVENT)),
    "xlsx_termine_sommer.xlsx": (EVENTS, taken({"Beginn": "10.07.2027 18:00"}, *({},) * 4)),
    "xlsx_termine_zeitumstellung.xlsx": (
        EVENTS,
        refused((2, "Beginn", CLOCK), (3, "Beginn", CLOCK)),
    ),
    "xlsx_titel_verbunden.xlsx": (ORGANISATIONS, name("FK Verbund")),
    "xlsx_verbundene_zellen.xlsx": (
        ORGANISATIONS,
        taken({"Art der Organisation": "Freundeskreis"}, {"Art der Organisation": "Freundeskreis"}),
    ),
    "xlsx_zwei_blaetter.xlsx": (ORGANISATIONS, name("FK Erstes Blatt")),
    "xlsx_zweites_blatt_aktiv.xlsx": (ORGANISATIONS, name("Init Zweites Blatt")),
}


def test_every_file_is_here():
    assert {path.name for path in FOLDER.iterdir()} == FILES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_file_is_taken_or_refused_as_it_should_be(file, sabine):
    model, check = FILES[file]
    response = upload(sabine, model, (FOLDER / file).read_bytes(), file)
    check(response)


@pytest.mark.slow
def test_sheets_are_offered_and_hidden_ones_named(sabine):
    data = (FOLDER / "xlsx_zwei_blaetter.xlsx").read_bytes()
    first = columns_page(sabine, ORGANISATIONS, data)
    assert dict(first.context["form"].fields["sheet"].choices).keys() == {
        "Freundeskreise",
        "Initiativen",
    }
    second = next_page(sabine, first, sheet="Initiativen")
    assert second.context["form"]["sheet"].value() == "Initiativen"
    name("Init Zweites Blatt")(next_page(sabine, second))
    hidden = (FOLDER / "xlsx_erstes_blatt_versteckt.xlsx").read_bytes()
    assert "Auswahllisten (ausgeblendet)" in page_text(columns_page(sabine, ORGANISATIONS, hidden))


@pytest.mark.slow
def test_hidden_rows_are_named_in_the_preview(sabine):
    data = (FOLDER / "xlsx_ausgefilterte_zeile.xlsx").read_bytes()
    preview = preview_of(upload(sabine, ORGANISATIONS, data))
    assert preview["notes"] == ["In der Datei ausgeblendet und trotzdem dabei: Zeile 3."]


def test_fault_names_the_value_that_stands_in_the_file(sabine):
    data = (FOLDER / "xlsx_plaetze_0_minus.xlsx").read_bytes()
    faults = preview_of(upload(sabine, EVENTS, data))["problems"]
    assert [fault["value"] for fault in faults] == ["0", "-3", "12,5"]
