"""What hangs on records that somebody wants to delete: counted before Django loads all of it, and said in words."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.deletion import get_candidate_relations_to_delete
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.counting import Counted, counts_of, together

MOST = 1000
"""Rows that go with a record at once. The page that asks loads each of them, and what its name is made of."""


def in_the_way(model: type[models.Model], keys: Collection[Any]) -> Counted:
    """How many rows keep the records of ``model`` with these ``keys`` from being deleted; one query.

    Those that are protected; without any, those that would go with the records if they are more than ``MOST``.
    """
    protected, going = (_counted(model, keys, way) for way in (models.PROTECT, models.CASCADE))
    counts = counts_of([*protected, *going], MOST)
    held, gone = together(counts[: len(protected)]), together(counts[len(protected) :])
    if held:
        return held
    return gone if gone > MOST or gone.words else Counted(0)


def _counted(
    model: type[models.Model], keys: Collection[Any], way: Any
) -> list[models.QuerySet[Any]]:
    """The rows that refer to the records and go this ``way`` when those are deleted."""
    relations: Any = get_candidate_relations_to_delete(model._meta)
    return [
        one.related_model._base_manager.filter(**{f"{one.field.name}__in": keys})
        for one in relations
        if one.on_delete is way
    ]


def hanging(model: type[models.Model], number: Counted) -> str:
    """Why records of ``model`` cannot be deleted: so many hang on them; and what to do instead."""
    text = ngettext(
        "%(count)s Datensatz hängt daran, zum Beispiel eine Anmeldung.",
        "%(count)s Datensätze hängen daran, zum Beispiel Anmeldungen.",
        number,
    )
    return f"{capfirst(text % {'count': number.grouped})} {_instead(model)}"


def _instead(model: type[models.Model]) -> str:
    names = {field.name for field in model._meta.fields}
    if "is_cancelled" in names:  # to hide it would tell nobody who comes
        return _("Fällt der Termin aus, haken Sie „abgesagt“ an: Dann bekommen alle Bescheid.")
    if "is_published" in names:
        return _(
            "Nehmen Sie den Haken bei „veröffentlicht“ heraus: Dann steht es nicht mehr auf den "
            "öffentlichen Seiten, und alles bleibt."
        )
    return _("Erst wenn nichts mehr daran hängt, lässt es sich löschen.")


def said(model: type[models.Model], counts: dict[Any, int]) -> dict[Any, int]:
    """Name → number of what goes with records of ``model``; a row that links two counts as the record that links."""
    words = {link._meta.verbose_name_plural: linking for link, linking in _links()}
    found: dict[Any, int] = {}
    for name, number in counts.items():
        if (linking := words.get(name)) is None:
            found[name] = number
        elif not issubclass(model, linking):
            what = linking._meta.verbose_name_plural
            naming = _("%(records)s, denen diese Angabe dann fehlt") % {"records": what}
            found[naming] = found.get(naming, 0) + number
    return found


def without_links(lines: list[Any]) -> list[Any]:
    """The lists of what goes, as Django nests them, without rows that link two records: they have no names."""
    links = tuple(f"{capfirst(link._meta.verbose_name)}: " for link, _linking in _links())
    kept = (without_links(one) if isinstance(one, list) else one for one in lines)
    return [one for one in kept if one and not (isinstance(one, str) and one.startswith(links))]


def _links() -> list[tuple[type[models.Model], type[models.Model]]]:
    """The tables that Django made by itself for fields with many records, and whose fields these are."""
    found: list[Any] = apps.get_models(include_auto_created=True)
    return [(one, one._meta.auto_created) for one in found if one._meta.auto_created]
