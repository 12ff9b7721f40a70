"""One search over everything that the user may see: people, entries, events, tandems, papers.

Each kind is searched as its own list searches, through the same model admin, so nobody finds here what
they would not find there. One query asks all kinds; one more loads the rows of each kind with hits.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import QuerySet, Value

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.searching import search_terms
from programs.requests import UserRequest
from volunteers.models import Volunteer
from volunteers.reads import known

KINDS = (
    "volunteers.Volunteer",
    "volunteers.Application",
    "volunteers.CompanionRequest",
    "volunteers.Tandem",
    "volunteers.DateRequest",
    "programs.Entry",
    "programs.Event",
    "volunteers.Registration",
    "volunteers.Enquiry",
    "volunteers.ConductCheck",
    "volunteers.Certificate",
    "programs.Membership",
)
"""What is searched, in the order of the page."""
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
    searched = [_searched(request, one) for one in _admins(request, site)]
    hits = _hits([one.get_search_results(request, all_, question)[0] for one, all_ in searched])
    return [
        _group(one, all_, hits[number], question)
        for number, (one, all_) in enumerate(searched)
        if hits[number]
    ]


def _admins(request: UserRequest, site: AdminSite) -> list[ScopedModelAdmin[Any]]:
    """Those of ``KINDS`` that the user may see. Only who sees the records of people searches them."""
    models = [apps.get_model(label) for label in KINDS]
    if not known.sees_records(request.user):
        models.remove(Volunteer)
    admins = [cast("ScopedModelAdmin[Any]", site.get_model_admin(model)) for model in models]
    return [one for one in admins if one.has_view_permission(request)]


def _searched(
    request: UserRequest, admin: ScopedModelAdmin[Any]
) -> tuple[ScopedModelAdmin[Any], QuerySet[Any]]:
    return admin, admin.get_queryset(request)


def _hits(found: list[QuerySet[Any]]) -> dict[int, list[Any]]:
    """Place in ``found`` → keys of its newest rows, one more than are shown."""
    hits: dict[int, list[Any]] = defaultdict(list)
    parts = [
        one.order_by("-pk").values_list(Value(number), "pk")[: SHOWN + 1]
        for number, one in enumerate(found)
    ]
    if not parts:
        return hits
    rows = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    for number, pk in rows:
        hits[number].append(pk)
    return hits


def _group(
    admin: ScopedModelAdmin[Any], everything: QuerySet[Any], hits: list[Any], question: str
) -> Group:
    rows = everything.filter(pk__in=hits[:SHOWN]).order_by("-pk")
    if isinstance(admin.list_select_related, tuple):
        rows = rows.select_related(*admin.list_select_related)
    label = str(admin.opts.verbose_name_plural)
    more = f"{admin_path(admin.model)}?{urlencode({'q': question})}" if len(hits) > SHOWN else ""
    return Group(label, [(admin_path(row), str(row)) for row in rows], more)
