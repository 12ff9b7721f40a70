"""Reads the demo's data files."""

from portal.reference.files import DATA, Record, read_records

DEMO_DATA = DATA / "demo"
SOURCE = "Vorführdaten, frei erfunden"
NOTICE = {
    "opportunity": "Dieses Angebot ist frei erfunden. Es gehört zu den Vorführdaten.",
    "event": "Dieser Termin ist frei erfunden. Er gehört zu den Vorführdaten.",
}


def read(name: str) -> list[Record]:
    return read_records(DEMO_DATA, name)


def with_notice(description: str, kind: str) -> str:
    """``description`` with a last paragraph that says that the record is invented."""
    return "\n\n".join(part for part in (description, NOTICE[kind]) if part)
