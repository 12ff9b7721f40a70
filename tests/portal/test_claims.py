"""The starting data claims only what it can prove, and the check of that can fail."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from portal.demo_data.files import read
from portal.reference import claims
from portal.reference.files import DATA, read_records

ENTRY = {
    "slug": "lesekreis",
    "title": "Lesekreis",
    "status": "active",
    "is_published": True,
    "accepts_sign_ups": True,
    "department": "sozialamt",
    "source": "https://www.example.org/lesekreis",
    "as_of": "2024-01-01",
}
FIELD = {"slug": "lesen", "name": "Lesen"}


@pytest.fixture
def with_record(tmp_path):
    """Writes a folder of data files with one record more, and returns the faults of that record."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def faults(record, file="initiatives.json"):
        path = folder / file
        path.write_text(json.dumps([*read_records(folder, file), record]))
        return [fault.what for fault in claims.faults(folder) if record["slug"] in fault.key]

    return faults


def test_starting_data_claims_nothing_without_proof():
    assert claims.faults() == []
    call_command("load_reference", "--check")


def test_record_that_can_be_proved_has_no_fault(with_record):
    assert with_record(ENTRY) == []
    assert with_record(FIELD, "fields.json") == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"source": ""}, "ohne Quelle"),
        ({"title": "Projekt Nordbahnhofstraße"}, "heißt nach einer Straße"),
        ({"as_of": None}, "ohne Stand"),
        ({"source": "https://www.example.org (ohne Datum)"}, "hat einen Stand, aber"),
        ({"as_of": None, "evidence_confirmed": True}, "gilt als belegt, ohne Stand"),
        ({"source": "https://linkesoesplus.de/2025/11/03/ausbau"}, "Partei"),
        ({"source": "https://diefraktion-stuttgart.de/2023"}, "Partei"),
        ({"source": "https://www.spd-stuttgart.de/"}, "Partei"),
        ({"status": "ended", "accepts_sign_ups": False}, "sagt aber nicht wann"),
        ({"status": "ended", "period_note": "bis 2017"}, "nimmt Anmeldungen an"),
        ({"ends_on": "2020-12-31"}, "ist aber nicht beendet"),
        ({"department": None}, "keine Stelle der Stadt antwortet"),
        ({"department": "gibt-es-nicht"}, "keine Stelle der Stadt antwortet"),
        ({"internal_note": "Es ist nicht belegt, dass …"}, "niemand weiß"),
        ({"requirements": "Keine Vorkenntnisse; Schulung und Begleitung"}, "was man bekommt"),
        ({"requirements": "Ausbildungswochenende, danach Supervision"}, "was man bekommt"),
        ({"description": "Wir treffen uns in der Jägerstraße 14."}, "keinen Stadtbezirk"),
        ({"description": "Büro: Gebrüder-Schmid-Weg 13"}, "keinen Stadtbezirk"),
        ({"requires_conduct_check": True}, "Führungszeugnis"),
        ({"steps": [{"kind": "conduct_check"}]}, "Führungszeugnis"),
        ({"summary": 'Der Kreis "Lesen"'}, "Anführungszeichen in summary"),
        ({"summary": "Der Kreis «Lesen»"}, "Anführungszeichen in summary"),
        ({"summary": "Der Kreis „Lesen„"}, "Anführungszeichen in summary"),
    ],
    ids=str,
)
def test_entry_that_cannot_be_proved_is_found(with_record, change, fault):
    # What initiatives do not have is checked with a programme.
    file = "programmes.json" if {"requires_conduct_check", "steps"} & set(change) else None
    found = with_record(ENTRY | change, *([file] if file else []))
    assert any(fault in what for what in found), found


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": None, "source": "Brief des Vereins (ohne Datum)"},
        {"status": "ended", "accepts_sign_ups": False, "period_note": "bis 2017"},
        {"status": "ended", "accepts_sign_ups": False, "ends_on": "2017-12-31"},
        {"requirements": "Berufserfahrung"},
        {"requirements": "Sie sprechen gut Deutsch."},
        {"description": "Wir treffen uns in der Jägerstraße 14.", "districts": ["01"]},
        {"summary": "Der Kreis „Lesen“ und der Kreis „Hören“"},
        {"source": "https://politik-bei-uns.de/file/561c0f881ae6a07a83acdf90"},
    ],
    ids=str,
)
def test_entry_that_says_what_it_knows_is_not_found(with_record, change):
    assert with_record(ENTRY | change) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"trend": "growing", "trend_source": "Sozialamt, Stand Juli 2019"}, "zu erklären"),
        ({"trend": "growing", "trend_note": "Es wächst."}, "ohne Quelle und Stand"),
        ({"trend": "growing", "trend_note": "Es wächst.", "trend_source": "Sozialamt"}, "Stand"),
    ],
    ids=str,
)
def test_trend_needs_explanation_source_and_stand(with_record, change, fault):
    found = with_record(FIELD | change, "fields.json")
    assert any(fault in what for what in found), found


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("Es ist so.", "keinen Abschnitt"),
        ("Es ist so.\n\n## Quelle\n\nSozialamt.", "keinen Stand"),
    ],
)
def test_page_that_states_facts_names_source_and_stand(tmp_path, body, fault):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "pages" / "so-laeuft-es.md").write_text(f"# So läuft es\n\n{body}\n")
    found = [str(one) for one in claims.faults(folder)]
    assert len(found) == 1
    assert found[0].startswith("page:so-laeuft-es")
    assert fault in found[0]


def test_command_names_what_cannot_be_proved(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "initiatives.json").write_text(json.dumps([ENTRY | {"source": ""}]))
    with pytest.raises(CommandError, match="organisation:lesekreis: ohne Quelle"):
        call_command("load_reference", "--check", str(folder))


def test_invented_offers_say_what_people_bring_too():
    records = read("opportunities.json")
    assert len(records) > 20
    for record in records:
        assert list(claims.bringing_faults(record)) == [], record["slug"]
        assert list(claims.text_faults(record)) == [], record["slug"]
