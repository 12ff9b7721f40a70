"""A list of the administration → what is kept of it, and back to an address, if that still fits.

Lists change: a filter goes, an organisation is merged, somebody loses a role. Django then ignores the
filter or finds nothing. Here each parameter must be one that a filter of the list takes, with a value
that it offers to this user; for every other one there is a sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..requests import AnyUser, request_for

Params = dict[str, list[str]]


@dataclass(frozen=True)
class Kept:
    """Search, filter and order of a list, as ``SavedList`` keeps them."""

    search: str = ""
    filters: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fitting:
    """The part that works, as a query string, and a sentence for each part that does not."""

    query: str
    faults: list[str] = field(default_factory=list)
    changelist: Any = None
    """The list as it opens, in whatever order."""


def kept_of(changelist: Any) -> Kept:
    """The page of the list is not kept; it begins with the first one."""
    params: Mapping[str, list[str]] = changelist.get_filters_params()
    columns = [_name(column) for column in changelist.list_display]
    order = []
    for part in changelist.params.get(ORDER_VAR, "").split("."):
        number = part.lstrip("-")
        if number.isdecimal() and int(number) < len(columns):
            order.append(f"{part[: -len(number)]}{columns[int(number)]}")
    return Kept(changelist.query, urlencode(sorted(params.items()), doseq=True), tuple(order))


def fit(user: AnyUser, model_admin: Any, kept: Kept) -> Fitting:
    """How ``user`` can open the list today."""
    params: Params = dict(QueryDict(kept.filters).lists())
    search = {SEARCH_VAR: [kept.search]} if kept.search and model_admin.search_fields else {}
    works, changelist, sentences = _accepted(user, model_admin, params, search)
    if lost_ones := _without_effect(changelist, works):
        works = {name: values for name, values in works.items() if name not in lost_ones}
        sentences += lost_ones.values()
        changelist = _changelist(user, model_admin, works | search)
    if kept.search and not search:
        sentences.append(_("In dieser Liste lässt sich nicht mehr suchen."))
    works |= search
    order, lost = _numbers(kept.order, [_name(column) for column in changelist.list_display])
    if lost:
        sentences.append(_("Eine Spalte, nach der die Liste sortiert war, gibt es nicht mehr."))
    if order:
        works[ORDER_VAR] = [order]
    return Fitting(urlencode(works, doseq=True), list(dict.fromkeys(sentences)), changelist)


def _changelist(user: AnyUser, model_admin: Any, params: Params) -> Any:
    request = request_for(user, urlencode(params, doseq=True))
    return model_admin.get_changelist_instance(request)


def _accepted(
    user: AnyUser, model_admin: Any, params: Params, search: Params
) -> tuple[Params, Any, list[str]]:
    """Those of the parameters that the list takes without an error, the list, and why others are left out."""
    if found := _taken(user, model_admin, params | search):
        return params, found, []
    works = {
        name: values for name, values in params.items() if _taken(user, model_admin, {name: values})
    }
    found = _taken(user, model_admin, works | search)
    if found is None:  # a day that its month does not have
        works, found = {}, _changelist(user, model_admin, search)
    return works, found, [_("Einen Filter oder Wert dieser Liste gibt es nicht mehr.")]


def _taken(user: AnyUser, model_admin: Any, params: Params) -> Any:
    """The list; None where it does not take the parameters."""
    try:
        return _changelist(user, model_admin, params)
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return None


def _without_effect(changelist: Any, params: Params) -> dict[str, str]:
    """Parameters that no filter takes with a value that it offers → why."""
    gone = _("Einen Filter dieser Liste gibt es nicht mehr, oder er gilt für Sie nicht.")
    found = dict.fromkeys(params, gone)
    if path := changelist.date_hierarchy:
        found = {name: why for name, why in found.items() if not name.startswith(f"{path}__")}
    for spec in changelist.filter_specs:
        mine = found.keys() & set(spec.expected_parameters())
        offered = list(spec.choices(changelist))[1:] if mine else []
        for name in mine:
            if any(choice.get("selected") for choice in offered):
                del found[name]
            else:
                found[name] = VALUE_GONE % {"filter": spec.title}
    return found


VALUE_GONE = gettext_lazy(
    "Filter „%(filter)s“: Den Wert, der gespeichert ist, gibt es nicht mehr, oder Sie dürfen ihn nicht "
    "sehen."
)


def _name(column: Any) -> str:
    return column if isinstance(column, str) else str(getattr(column, "__name__", column))


def _numbers(order: Iterable[str], columns: list[str]) -> tuple[str, bool]:
    """The parameter for the order of today's columns, and whether a column is gone."""
    found, lost = [], False
    for name in order:
        sign, column = ("-", name[1:]) if name.startswith("-") else ("", name)
        if column in columns:
            found.append(f"{sign}{columns.index(column)}")
        else:
            lost = True
    return ".".join(found), lost
