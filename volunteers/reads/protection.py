"""The protection concept that holds for somebody: that of the programme they search or help in."""

from collections.abc import Iterable

from django.db.models import F
from django.db.models.functions import Coalesce

from programs.models import ProtectionConcept

from ..models import Tandem

OF_TANDEM = Coalesce("application__entry__opportunity_entry__part_of_id", "application__entry_id")


def concept_of(programme: int | None) -> ProtectionConcept | None:
    """The concept of the programme with this key, with its steps."""
    return ProtectionConcept.objects.with_steps().filter(programme=programme).first()


def concepts_of_tandems(tandems: Iterable[Tandem]) -> dict[int, ProtectionConcept]:
    """Tandem → the concept of the programme that was asked; else of the one the volunteer signed up for."""
    keys = [one.pk for one in tandems]
    found = Tandem.objects.filter(pk__in=keys).values_list("pk", F("request__programme"), OF_TANDEM)
    return _concepts({pk: [asked, signed_up] for pk, asked, signed_up in found})


def _concepts(wanted: dict[int, list[int | None]]) -> dict[int, ProtectionConcept]:
    """The first programme of each that has a concept counts."""
    programmes = {one for several in wanted.values() for one in several if one}
    if not programmes:
        return {}
    concepts = ProtectionConcept.objects.with_steps().filter(programme__in=programmes)
    of = {concept.programme_id: concept for concept in concepts}
    return {
        pk: next(of[one] for one in several if one in of)
        for pk, several in wanted.items()
        if any(one in of for one in several)
    }
