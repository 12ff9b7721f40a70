"""What an organisation knows about a person: what the person, or an import, told that organisation.

A volunteer's own record (``Volunteer``) is one for the whole city and belongs to the person.
Several organisations may know the same person, each from an application of its own, and none
learns from the portal what the others know. So everybody but the Portalverwaltung sees people
*as told*: through the newest application in sight. This is also what makes it safe to import
people (``volunteers/lists/resources.py``): an address that the portal knew before looks, in every list,
export and search, exactly like one that it did not.

That is why lists for organisations never show, search, sort or filter by the columns of
``Volunteer`` other than the address, which the organisation told itself, and why the record's
number, which would tell old from new, appears in no page of theirs.
"""

from django.db.models import Prefetch, Q, QuerySet

from programs.admin.base import folded
from programs.requests import AnyUser

from ..models import Application, User, Volunteer

SEARCHED = ("name", "email")


def sees_records(user: AnyUser) -> bool:
    """Whether ``user`` sees people's own records; only the Portalverwaltung does."""
    return user.is_superuser


def applications_in_sight(user: User) -> QuerySet[Application]:
    """Newest first; the same for every reader of one organisation."""
    return Application.objects.visible_to(user).order_by("-submitted_at", "-pk")


def with_applications(volunteers: QuerySet[Volunteer], user: User) -> QuerySet[Volunteer]:
    """``volunteers`` with ``in_sight``: their applications in sight, loaded in a fixed number of queries."""
    found = applications_in_sight(user).select_related("organisation", "entry")
    return volunteers.prefetch_related(
        Prefetch("applications", found.prefetch_related("districts", "fields"), to_attr="in_sight")
    )


def in_sight(volunteer: Volunteer) -> list[Application]:
    """The applications that :func:`with_applications` loaded."""
    found: list[Application] = volunteer.in_sight  # type: ignore[attr-defined]  # prefetched
    return found


def known_as(volunteer: Volunteer, user: User) -> Application | Volunteer:
    """Where name, phone, languages … of a volunteer from :func:`with_applications` are read from."""
    if sees_records(user):
        return volunteer
    return in_sight(volunteer)[0]


def find_people(volunteers: QuerySet[Volunteer], user: User, word: str) -> QuerySet[Volunteer]:
    """Those with ``word`` in name or address, as ``user`` knows them."""
    found = applications_in_sight(user).order_by().filter(folded(SEARCHED, word))
    wanted = Q(pk__in=found.values("volunteer"))
    if sees_records(user):
        wanted |= folded(SEARCHED, word)
    return volunteers.filter(wanted)
