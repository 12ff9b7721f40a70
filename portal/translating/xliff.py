"""XLIFF 1.2: the file that translators' tools read and write (OASIS, 1 February 2008)."""

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as __

from programs.models.translated import GERMAN

from .kinds import Line

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
MOST_UNITS = 20_000


class XliffProblem(Exception):
    """The file cannot be read; the message is for people."""


class Unit(NamedTuple):
    """One text of a file; ``key`` is „kind.number.column“."""

    key: str
    source: str
    target: str


def key_of(line: Line, name: str) -> str:
    return f"{line.kind.slug}.{line.pk}.{name}"


def written(language: str, lines: Iterable[Line], *, everything: bool = False) -> bytes:
    """The texts that are not translated, or not anew; with ``everything`` all of them."""
    root = Element("xliff", {"version": "1.2", "xmlns": NAMESPACE})
    about = {"original": "freiwilligenportal", "datatype": "plaintext"}
    languages = {"source-language": GERMAN, "target-language": language}
    body = SubElement(SubElement(root, "file", about | languages), "body")
    for line in lines:
        if names := line.names if everything else line.gaps:
            group = SubElement(body, "group", {"id": f"{line.kind.slug}.{line.pk}"})
            SubElement(group, "note").text = f"{line.kind.label}: {line.label}"
            for name in names:
                _unit(group, line, name)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _unit(group: Element, line: Line, name: str) -> None:
    column = line.record._meta.get_field(name)
    limit = getattr(column, "max_length", None)
    width = {"maxwidth": str(limit), "size-unit": "char"} if limit else {}
    unit = SubElement(group, "trans-unit", {"id": key_of(line, name)} | width)
    SubElement(unit, "source").text = _allowed(line.record.german(name))
    there = line.record.translation(name, line.language)
    state = "final" if name in line.done else "needs-review-translation"
    if there and there["text"]:
        SubElement(unit, "target", {"state": state}).text = _allowed(there["text"])
    else:
        SubElement(unit, "target", {"state": "needs-translation"})
    SubElement(unit, "note").text = str(getattr(column, "verbose_name", name))


def _allowed(text: str) -> str:
    """Without the characters that XML 1.0 does not have."""
    return "".join(one for one in text if one >= " " or one in "\t\n\r")


def read(document: bytes, language: str) -> list[Unit]:
    """The texts of a file for ``language``. Raises :class:`XliffProblem` for everything else.

    Entities and document types are refused (defusedxml): a file can be no larger than it looks.
    """
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise XliffProblem(__("Das ist keine XLIFF-Datei, die das Portal lesen kann.")) from error
    if _tag(root) != "xliff" or not root.get("version", "").startswith("1."):
        raise XliffProblem(__("Das ist keine XLIFF-Datei der Fassung 1.2."))
    units: list[Unit] = []
    for file in (one for one in root if _tag(one) == "file"):
        _check_languages(file, language)
        units += [_read(one) for one in file.iter() if _tag(one) == "trans-unit"]
    if not units:
        raise XliffProblem(__("In der Datei steht kein Text."))
    if len(units) > MOST_UNITS:
        raise XliffProblem(__("Die Datei hat mehr Texte, als das Portal hat."))
    return units


def _check_languages(file: Element, language: str) -> None:
    found, source = file.get("target-language", ""), file.get("source-language", "")
    if found.lower() != language.lower():
        text = __("Die Datei ist für eine andere Sprache: „%(found)s“ statt „%(language)s“.")
        raise XliffProblem(text % {"found": found or "–", "language": language})
    if source.lower().partition("-")[0] != GERMAN:
        raise XliffProblem(__("Die Datei übersetzt nicht aus dem Deutschen."))


def _tag(element: Element) -> str:
    """The name without its namespace; "" for a comment."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _read(unit: Element) -> Unit:
    texts = {_tag(one): "".join(one.itertext()) for one in unit}
    return Unit(unit.get("id", ""), texts.get("source", ""), texts.get("target", "").strip())
