"""Which organisation answers, and who looks after records without an organisation."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from programs.models import (
    Entry,
    EntryQuerySet,
    Membership,
    Organisation,
    OrganisationQuerySet,
)
from programs.read_once import read_once

from ..models import CompanionRequest, LinkAnswering, Tandem

CLEARING = "clearing office"


def answering_organisation(entry: Entry | None, *, by_link: bool = False) -> Organisation:
    """The organisation that answers for ``entry``: its own, else the department in charge.

    An organisation without a member in the portal cannot answer; then the department does. With
    ``by_link`` (sign-ups) its own one can if it answers by mailed links (``LinkAnswering``). If the
    department has no member either, or there is no entry, it is the clearing office.
    """
    return who_answers(entry, by_link=by_link)[0]


def who_answers(entry: Entry | None, *, by_link: bool) -> tuple[Organisation, bool]:
    """The same, and whether it answers by mailed links only; one query, two for the clearing office."""
    if entry is not None:
        owner = entry.owner
        candidates = (owner.pk, entry.department_id, owner.department_id)
        able = read_once(("able to answer", candidates), lambda: _able(candidates))
        if owner.pk in able.with_staff or (by_link and owner.pk in able.by_link):
            return owner, owner.pk in able.by_link
        if entry.department_id in able.with_staff and entry.department:
            return entry.department, False
        if owner.department_id in able.with_staff and owner.department:
            return owner.department, False
    return read_once(CLEARING, Organisation.objects.clearing_office), False


def clearing_office() -> Organisation | None:
    """The office that is responsible if nobody else is; None while none is chosen."""
    try:
        return read_once(CLEARING, Organisation.objects.clearing_office)
    except Organisation.DoesNotExist:
        return None


class Able(NamedTuple):
    """The keys of organisations that can answer; those of ``by_link`` have nobody in the portal."""

    with_staff: frozenset[int]
    by_link: frozenset[int]


def _able(candidates: Iterable[int | None]) -> Able:
    there = Membership.objects.present().filter(organisation=OuterRef("pk"))
    linked = LinkAnswering.objects.in_force().filter(organisation=OuterRef("pk"))
    asked = Organisation.objects.filter(pk__in=[pk for pk in candidates if pk]).order_by()
    rows = list(asked.values_list("pk", Exists(there), Exists(linked)))
    return Able(
        frozenset(pk for pk, has_staff, _by_link in rows if has_staff),
        frozenset(pk for pk, _has_staff, by_link in rows if by_link),
    )


def answering_by_link() -> OrganisationQuerySet:
    """Organisations that answer sign-ups by mailed links, because nobody of them is in the portal."""
    return Organisation.objects.filter(
        pk__in=LinkAnswering.objects.in_force().values("organisation")
    )


def looked_after(record: CompanionRequest | Tandem) -> str:
    """The name of whoever looks after the request or tandem; without an organisation the Sozialamt."""
    return record.organisation.said("title") if record.organisation else _("Sozialamt")


def office_of(record: CompanionRequest | Tandem) -> Organisation | None:
    """The organisation that :func:`looked_after` names, whose page says how to reach it."""
    return record.organisation or Organisation.objects.clearing().first()


def answering_organisations(entries: EntryQuerySet) -> list[tuple[Organisation, int]]:
    """Who answers sign-ups for ``entries`` and for how many of them, those with most first.

    The rule is that of :func:`answering_organisation`, with a few queries for all entries.
    """
    rows = entries.order_by().values_list(
        "pk", "organisation", "department", "organisation__department"
    )
    chains = [(owner or pk, department, above) for pk, owner, department, above in rows]
    asked = {pk for chain in chains for pk in chain if pk}
    present = (Organisation.objects.with_staff() | answering_by_link()).in_bulk(asked)
    office = Organisation.objects.clearing().first()
    first = [next((present[pk] for pk in chain if pk in present), office) for chain in chains]
    numbers = Counter(organisation for organisation in first if organisation)
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0].title))
