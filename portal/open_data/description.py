"""The OpenAPI description of ``/api/v1/``, made from the columns that the answers are made from."""

from typing import Any

from .asking import LARGEST_KEY, parameters
from .columns import ADDRESS, NUMBER, TEXT, Schema, listed, or_null, record
from .licences import licence
from .lists import LISTS, OpenList

VERSION = "1.0.0"
"""Grows with every change of the columns; the first number stands in the address."""
ABOUT = """Alles Öffentliche des Freiwilligenportals, zum Lesen und Weiterverwenden.

* Die id eines Datensatzes bleibt. Was nicht mehr öffentlich ist, fehlt, und seine Adresse antwortet mit 404.
* Eine Liste kommt in Seiten. „next“ ist die Adresse der nächsten Seite.
* Jede Antwort hat ein ETag. Schicken Sie es mit If-None-Match zurück: Hat sich nichts geändert, ist die Antwort 304.
* Personenbezogene Daten gibt es hier nicht. Wer antwortet, steht als Funktion da.
* CSV-Dateien sind UTF-8 mit Semikolon. Text, der einer Formel gleicht, beginnt mit einem Apostroph.
"""
NOT_CHANGED = {"description": "Nichts hat sich geändert (ETag)."}


def description(server: str) -> dict[str, Any]:
    """The description as JSON; ``server`` is the address of ``/api/v1/``."""
    paths: dict[str, Any] = {
        "/": {"get": _start()},
        "/openapi.json": {
            "get": _operation("description", "Diese Beschreibung.", {"type": "object"}, failures=())
        },
    }
    for one in LISTS.values():
        paths |= _paths(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Freiwilligenportal Stuttgart",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": licence().title, "url": licence().address},
        },
        "servers": [{"url": server.removesuffix("/")}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Schema]:
    return {
        **{one.item: one.schema for one in LISTS.values()},
        "License": record(id=TEXT, title=TEXT, url=ADDRESS, attribution=TEXT),
        "Error": record(status=NUMBER, error=TEXT),
    }


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _paths(one: OpenList) -> dict[str, Any]:
    page = record(
        license=_named("License"),
        total=NUMBER,
        next=or_null(ADDRESS),
        items=listed(_named(one.item)),
    )
    single = record(license=_named("License"), item=_named(one.item))
    key = (
        one.key if one.key["type"] == "string" else one.key | {"minimum": 0, "maximum": LARGEST_KEY}
    )
    number = {"name": "id", "in": "path", "required": True, "schema": key}
    about = f"{one.title}: {one.about}"
    listing = _operation(one.name, about, page, failures=(400,))
    listing["parameters"] = [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": meaning}
        for name, (schema, meaning) in parameters(one).items()
    ]
    item = _operation(
        f"{one.name}-item", f"{one.title}: ein Datensatz.", single, failures=(400, 404)
    )
    item["parameters"] = [number]
    item["responses"]["301"] = _failure("Der Datensatz steht jetzt unter einer anderen Adresse.")
    table = _operation(f"{one.name}-csv", f"{one.title}: die ganze Liste.", TEXT, failures=(400,))
    table["responses"]["200"]["content"] = {"text/csv": {"schema": TEXT}}
    return {
        f"/{one.name}": {"get": listing},
        f"/{one.name}/{{id}}": {"get": item},
        f"/{one.name}.csv": {"get": table},
    }


def _start() -> dict[str, Any]:
    entry = record(name=TEXT, title=TEXT, url=ADDRESS, csv=ADDRESS)
    lists = record(license=_named("License"), description=ADDRESS, lists=listed(entry))
    return _operation("start", "Welche Listen es gibt.", lists, failures=())


FAILURES = {
    400: "Ein Parameter ist falsch; der Satz sagt, welcher.",
    404: "Das gibt es nicht.",
    429: "Zu viele Abrufe; Retry-After nennt die Sekunden bis zum nächsten.",
}


def _failure(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/json": {"schema": _named("Error")}}}


def _operation(
    name: str, summary: str, answer: Schema, *, failures: tuple[int, ...]
) -> dict[str, Any]:
    found = {"description": "OK", "content": {"application/json": {"schema": answer}}}
    responses = {"200": found, "304": NOT_CHANGED}
    responses |= {str(status): _failure(FAILURES[status]) for status in (*failures, 429)}
    return {"operationId": name, "summary": summary, "responses": responses}
