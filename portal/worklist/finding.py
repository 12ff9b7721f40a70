"""One search over everything that the user may see: people, entries, events, tandems, papers.

Each kind is searched as its own list searches, through the same model admin, so nobody finds here what
they would not find there. One query asks all kinds and reads of each hit what its name is made of.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet, Value
from django.db.models.functions import JSONObject

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.searching import search_terms, set_wanted
from programs.admin.typed import M
from programs.requests import UserRequest
from programs.united import united
from volunteers.models import Volunteer
from volunteers.reads import known

KINDS = {
    "volunteers.Volunteer": ("name",),
    "volunteers.Application": ("name", "entry__title", "entry__translations"),
    "volunteers.CompanionRequest": ("name", "child_name", "child_age", "age_group"),
    "volunteers.Tandem": ("application__name", "request__name", "request__child_name"),
    "volunteers.DateRequest": ("kind", "starts_at"),
    "programs.Entry": ("title",),
    "programs.Event": ("title",),
    "volunteers.Registration": ("name", "event__title"),
    "volunteers.Enquiry": ("page", "asked_at", "event__title", "entry__title"),
    "volunteers.ConductCheck": ("seen_on",),
    "volunteers.Certificate": ("name", "code"),
    "programs.Membership": ("user__name", "user__email", "organisation__title", "role"),
}
"""What is searched, in the order of the page, and what the name of each is made of."""
LONGEST = 200
"""Characters of a question."""
SHOWN = 5
"""Rows of each kind; a link leads to the list with the rest."""


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[tuple[str, str]]
    """Address and name."""
    more: str
    """Address of the list with all hits; empty if all are shown."""


def find(request: UserRequest, site: AdminSite, question: str) -> list[Group]:
    """The hits by kind, newest first; nothing for a question without words."""
    if not search_terms(question):
        return []
    set_wanted(request, SHOWN + 1)
    admins = _admins(request, site)
    found = [
        one.get_search_results(request, one.get_queryset(request), question)[0] for one in admins
    ]
    hits = _hits(found)
    return [
        _group(one, hits[number], question) for number, one in enumerate(admins) if hits[number]
    ]


def _admins(request: UserRequest, site: AdminSite) -> list[ScopedModelAdmin[Any]]:
    """Those of ``KINDS`` that the user may see. Only who sees the records of people searches them."""
    models = [apps.get_model(label) for label in KINDS]
    if not known.sees_records(request.user):
        models.remove(Volunteer)
    admins = [cast("ScopedModelAdmin[Any]", site.get_model_admin(model)) for model in models]
    return [one for one in admins if one.has_view_permission(request)]


def _hits(found: list[QuerySet[Any]]) -> dict[int, list[Model]]:
    """Place in ``found`` → its newest rows, one more than are shown; of each only what its name is made of."""
    hits: dict[int, list[Model]] = defaultdict(list)
    parts = [
        rows.order_by("-pk").values_list(
            Value(number),
            "pk",
            JSONObject(**{name: name for name in KINDS[rows.model._meta.label]}),
        )[: SHOWN + 1]
        for number, rows in enumerate(found)
    ]
    if not parts:
        return hits
    for number, pk, values in united(*parts):
        hits[number].append(named(found[number].model, {"pk": pk, **values}))
    return hits


def named(model: type[M], values: dict[str, Any]) -> M:
    """A record of ``model`` that knows only ``values``: by path (``entry__title``), as JSON has them."""
    own: dict[str, Any] = {}
    of_others: dict[str, dict[str, Any]] = defaultdict(dict)
    for path, value in values.items():
        name, _dots, rest = path.partition("__")
        if rest:
            of_others[name][rest] = value
        else:
            own[name] = (
                model._meta.pk.to_python(value) if name == "pk" else _read(model, name, value)
            )
    for name, parts in of_others.items():
        other: Any = model._meta.get_field(name).related_model
        is_there = any(value is not None for value in parts.values())
        own[name] = named(other, parts) if is_there else None
    return model(**own)


def _read(model: type[Model], name: str, value: Any) -> Any:
    return cast("Any", model._meta.get_field(name)).to_python(value)


def _group(admin: ScopedModelAdmin[Any], hits: list[Model], question: str) -> Group:
    label = str(admin.opts.verbose_name_plural)
    more = f"{admin_path(admin.model)}?{urlencode({'q': question})}" if len(hits) > SHOWN else ""
    return Group(label, [(admin_path(row), str(row)) for row in hits[:SHOWN]], more)
