"""Reads the project's data files."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"

Record = dict[str, Any]


def read_records(folder: Path, name: str) -> list[Record]:
    """The records of a JSON file, or of a folder of Markdown pages.

    A description with several paragraphs can be a list of strings; they are joined with blank lines.
    So can the words of a group, one line for each language.
    """
    path = folder / name
    if path.is_dir():
        return [read_page(page) for page in sorted(path.glob("*.md"))]
    records: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    for record in records:
        if isinstance(record.get("description"), list):
            record["description"] = "\n\n".join(record["description"])
        if isinstance(record.get("words"), list):
            record["words"] = "\n".join(record["words"])
    return records


def read_page(path: Path) -> Record:
    """A page: the file name is its slug, the first line (``# …``) its title."""
    heading, _, body = path.read_text(encoding="utf-8").partition("\n")
    if not heading.startswith("# "):
        raise ValueError(f"{path.name}: the first line has to be a heading („# Titel“)")
    return {"slug": path.stem, "title": heading[2:].strip(), "body": body.strip()}
