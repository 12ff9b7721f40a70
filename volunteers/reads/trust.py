"""Who reads what somebody writes under „Etwas stimmt nicht“, and where that is nobody."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from programs.models import Entry, Membership, Organisation

from ..models import Tandem
from ..models.concerns import persons_of_trust, readers_of


def looked_after_by(tandem: Tandem) -> Organisation | None:
    """The organisation whose persons of trust hear about ``tandem``; without one the clearing office."""
    return tandem.organisation or Organisation.objects.clearing().first()


def asked_about(entry: Entry | None) -> Organisation | None:
    """The same for an entry, and for something that has to do with none."""
    return entry.owner if entry else Organisation.objects.clearing().first()


def coordinators_of(organisation: Organisation) -> frozenset[int]:
    """The accounts of those who answer for ``organisation``: they read nothing about themselves."""
    members = Membership.objects.answering().filter(organisation=organisation)
    return frozenset(members.values_list("user", flat=True))


def has_readers(organisation: Organisation | None) -> bool:
    return organisation is not None and readers_of(organisation).exists()


def without_readers(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those with tandems, and the clearing office, for which nobody is there: not themselves, not above, not the
    clearing office."""
    pairs = Tandem.objects.alive().filter(organisation=OuterRef("pk"))
    organisations = organisations.filter(Exists(pairs) | Q(is_clearing_office=True))
    places = dict(
        persons_of_trust().values_list("organisation_id", "organisation__is_clearing_office")
    )
    if any(places.values()):
        return organisations.none()
    return organisations.exclude(pk__in=list(places)).exclude(department__in=list(places))
