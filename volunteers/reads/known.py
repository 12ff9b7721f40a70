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

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet

from programs.admin.long_lists import among, expected_of_each, walked
from programs.admin.searching import MANY, PAGE, all_of, is_met_sooner
from programs.one_row import has_one
from programs.requests import AnyUser
from programs.united import united

from ..models import Application, User, Volunteer

SEARCHED = ("name", "email")
FOUND_ON_THE_WAY = 5
"""The list is read until a page is full only if a fifth of ``MANY`` are in it: else that takes long, too."""


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
    if not sees_records(user):  # whose data is told by these
        found = found.prefetch_related("districts")
    return volunteers.prefetch_related(Prefetch("applications", found, to_attr="in_sight"))


def in_sight(volunteer: Volunteer) -> list[Application]:
    """The applications that :func:`with_applications` has loaded."""
    found: list[Application] = volunteer.in_sight  # type: ignore[attr-defined]  # prefetched
    return found


def known_as(volunteer: Volunteer, user: User) -> Application | Volunteer:
    """The record to read name, phone, languages … from, for a volunteer from :func:`with_applications`."""
    if sees_records(user):
        return volunteer
    return in_sight(volunteer)[0]


def find_people(
    volunteers: QuerySet[Volunteer], user: User, words: list[str], *, wanted: int = PAGE
) -> QuerySet[Volunteer]:
    """Those with ``words`` in name or address, according to the data that ``user`` may see.

    All words must be in one place: in the person's own record, or in what one application told.
    """
    named = all_of(SEARCHED, words)
    told = applications_in_sight(user).order_by().filter(named)
    if not sees_records(user):
        return with_one(volunteers, user, told, wanted=wanted)
    records = Volunteer.objects.filter(named).order_by()
    keys = united(records.values("pk"), told.values("volunteer"), repeated=False)
    by_row = named | has_one(told.filter(volunteer=OuterRef("pk")))
    return _looked_up_or_walked(volunteers, user, records, keys, by_row, wanted)


def with_one(
    volunteers: QuerySet[Volunteer],
    user: AnyUser,
    told: QuerySet[Application],
    *,
    wanted: int = PAGE,
) -> QuerySet[Volunteer]:
    """Those who have one of the applications ``told``, which ``user`` sees."""
    by_row = has_one(told.filter(volunteer=OuterRef("pk")))
    keys = told.values("volunteer").distinct()
    return _looked_up_or_walked(volunteers, user, told, keys, by_row, wanted)


def _looked_up_or_walked(
    volunteers: QuerySet[Volunteer],
    user: AnyUser,
    found: QuerySet[Any],
    keys: QuerySet[Any],
    by_row: Q,
    wanted: int,
) -> QuerySet[Volunteer]:
    """``keys`` are those of the people, ``by_row`` is the same as a condition; ``found`` says how many there are.

    All ``found`` are of people whom ``user`` sees. PostgreSQL does not know that, and would expect a fraction of
    them for each of the two; so how many a filter leaves is taken from what it leaves of all who are seen.
    """
    seen = Volunteer.objects.visible_to(user)
    of_found, of_all, of_seen = expected_of_each([found, volunteers, seen])
    left = round(of_found * min(1.0, of_all / max(of_seen, 1)))
    if of_found <= MANY and not is_met_sooner(of_all, of_found, of_found, wanted):
        return among(volunteers, keys)
    if FOUND_ON_THE_WAY * left <= MANY:
        return volunteers.filter(pk__in=keys)
    return walked(volunteers.filter(by_row), min(1.0, left / max(of_all, 1)))
