"""Which organisation answers, and who looks after records without an organisation."""

from collections import Counter

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from programs.models import (
    Entry,
    EntryQuerySet,
    Membership,
    Organisation,
    OrganisationQuerySet,
)

from ..models import CompanionRequest, LinkAnswering, Tandem


def answering_organisation(entry: Entry | None, *, by_link: bool = False) -> Organisation:
    """The organisation that answers for ``entry``: its own, else the department in charge.

    An organisation without a member in the portal cannot answer; then the department does. With
    ``by_link`` (sign-ups) its own one can if it answers by mailed links (``LinkAnswering``). If the
    department has no member either, or there is no entry, it is the clearing office.
    """
    if entry is None:
        return Organisation.objects.clearing_office()
    candidates = [entry.owner.pk, entry.department_id, entry.owner.department_id]
    able = Organisation.objects.with_staff()
    if by_link:
        able |= answering_by_link().filter(pk=entry.owner.pk)
    there = Membership.objects.present().filter(organisation=OuterRef("pk"))
    able = able.annotate(has_staff=Exists(there))
    present = able.in_bulk([pk for pk in candidates if pk])
    answering = (present[pk] for pk in candidates if pk in present)
    return next(answering, None) or Organisation.objects.clearing_office()


def answering_by_link() -> OrganisationQuerySet:
    """Organisations that answer sign-ups by mailed links, because nobody of them is in the portal."""
    return Organisation.objects.filter(
        pk__in=LinkAnswering.objects.in_force().values("organisation")
    )


def looked_after(record: CompanionRequest | Tandem) -> str:
    """The name of whoever looks after the request or tandem; without an organisation the Sozialamt."""
    return record.organisation.title if record.organisation else _("Sozialamt")


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
