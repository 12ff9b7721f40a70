"""RDF as nested dictionaries, written as JSON-LD and as Turtle.

A node is a dictionary with ``@type``, maybe ``@id``, and properties such as ``dcterms:title``. A value is text
(German), a :class:`Link`, a :class:`Typed` literal, another node, or a list of those. A node with an ``@id``
stands in one place; others name it by a :class:`Link`.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

Node = dict[str, Any]

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
INDENT = "  "
_ESCAPED = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


class Link(NamedTuple):
    address: str


class Typed(NamedTuple):
    text: str
    type: str
    """For example ``xsd:dateTime``."""


def as_json_ld(node: Node) -> str:
    return json.dumps({"@context": PREFIXES} | _json(node), ensure_ascii=False, indent=1)


def _json(value: Any) -> Any:
    if isinstance(value, Link):
        return {"@id": value.address}
    if isinstance(value, Typed):
        return {"@value": value.text, "@type": value.type}
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in {"@id", "@type"} else _json(one) for name, one in value.items()
        }
    return {"@value": value, "@language": "de"}


def as_turtle(node: Node) -> str:
    """``node``, which has an ``@id``, and a statement for each other node in it that has one."""
    prefixes = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    named = (f"\n<{one['@id']}>\n{_properties(one, INDENT)} .\n" for one in _named(node))
    return prefixes + "".join(named)


def _named(value: Any) -> Iterator[Node]:
    """All nodes in ``value`` that have an ``@id``."""
    if isinstance(value, dict):
        if "@id" in value:
            yield value
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def _properties(node: Node, indent: str) -> str:
    lines = [f"{indent}a {node['@type']}"]
    for name, value in node.items():
        if name not in {"@id", "@type"}:
            values = ", ".join(_turtle(value, indent))
            lines.append(f"{indent}{name} {values}")
    return " ;\n".join(lines)


def _turtle(value: Any, indent: str) -> Iterator[str]:
    """Nodes are written where they stand; one with an ``@id`` has a statement of its own."""
    if isinstance(value, list):
        for one in value:
            yield from _turtle(one, indent)
    elif isinstance(value, Link):
        yield f"<{value.address}>"
    elif isinstance(value, Typed):
        yield f'"{value.text.translate(_ESCAPED)}"^^{value.type}'
    elif isinstance(value, dict) and "@id" in value:
        yield f"<{value['@id']}>"
    elif isinstance(value, dict):
        yield f"[\n{_properties(value, indent + INDENT)}\n{indent}]"
    else:
        yield f'"{value.translate(_ESCAPED)}"@de'
