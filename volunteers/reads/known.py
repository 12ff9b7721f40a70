"""What an organisation knows about a person: what the person, or an import, told that organisation.

A volunteer's own record (``Volunteer``) is one for the whole city and belongs to the person.
Several organisations may know the same person, each from its own application, and the portal tells
none of them what the others know. So everybody except the Portalverwaltung sees a person *as told*:
with the data of the newest application that they may see. This also makes it safe to import people
(``volunteers/lists/people.py``): in every list, export and search an address that the portal
knew before looks exactly like a new one.

For this reason lists for organisations never show, search, sort or filter by a column of
``Volunteer`` except the address, which the organisation itself knows. Their pages never show the
record's number either, because it would tell whether the record is old or new.
"""

from django.db.models import OuterRef, Prefetch, QuerySet

from programs.admin.searching import among, folded, is_common
from programs.one_row import has_one
from programs.requests import AnyUser

from ..models import Application, User, Volunteer

SEARCHED = ("name", "email")


def sees_records(user: AnyUser) -> bool:
    """Whether ``user`` sees people's own records; only the Portalverwaltung does."""
    return user.is_superuser


def applications_in_sight(user: User) -> QuerySet[Application]:
    """The applications that ``user`` may see, newest first; the same for every member of one organisation."""
    return Application.objects.visible_to(user).order_by("-submitted_at", "-pk")


def others_at(application: Application, user: AnyUser) -> list[Application]:
    """Applications of other people with the same address, one for each that ``user`` may see."""
    if not application.email:
        return []
    seen = Application.objects.visible_to(user).filter(email=application.email)
    others = seen.exclude(volunteer=application.volunteer_id).order_by("volunteer_id", "-pk")
    return list(others.distinct("volunteer_id"))


def with_applications(volunteers: QuerySet[Volunteer], user: User) -> QuerySet[Volunteer]:
    """``volunteers`` with ``in_sight``: the applications that ``user`` may see, in a fixed number of queries."""
    found = applications_in_sight(user).select_related("organisation", "entry")
    return volunteers.prefetch_related(
        Prefetch("applications", found.prefetch_related("districts", "fields"), to_attr="in_sight")
    )


def in_sight(volunteer: Volunteer) -> list[Application]:
    """The applications that :func:`with_applications` has loaded."""
    found: list[Application] = volunteer.in_sight  # type: ignore[attr-defined]  # prefetched
    return found


def known_as(volunteer: Volunteer, user: User) -> Application | Volunteer:
    """The record to read name, phone, languages … from, for a volunteer from :func:`with_applications`."""
    if sees_records(user):
        return volunteer
    return in_sight(volunteer)[0]


def find_people(volunteers: QuerySet[Volunteer], user: User, word: str) -> QuerySet[Volunteer]:
    """Those with ``word`` in name or address, according to the data that ``user`` may see."""
    found = applications_in_sight(user).order_by().filter(folded(SEARCHED, word))
    if not sees_records(user):
        return among(volunteers, found.values("volunteer").distinct())
    records = Volunteer.objects.filter(folded(SEARCHED, word)).order_by()
    if is_common(records):
        told = has_one(found.filter(volunteer=OuterRef("pk")))
        return volunteers.filter(folded(SEARCHED, word) | told)
    return volunteers.filter(pk__in=records.values("pk").union(found.values("volunteer")))
