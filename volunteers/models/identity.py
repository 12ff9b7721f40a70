"""Who is who: a person is a name at an address.

One mailbox can belong to several people (a couple, a family, a shelter), so an address alone finds
nobody. Two records are about the same person when they have the same address and the same
``person_key`` of the name, which the database computes (``sql/0008_person_key.sql``); the unique
constraints use it, too. The volunteer that a record is linked to decides first, so a name that an
organisation corrects in its own record moves nobody.
"""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import F, OuterRef, Q, Transform

from programs.one_row import OneOf


class PersonKey(Transform):
    """The key of a name: ``name__person_key`` in lookups, ``PersonKey("name")`` in constraints."""

    lookup_name = "person_key"
    function = "person_key"
    output_field = models.TextField()


models.CharField.register_lookup(PersonKey)


def key_of(name: str) -> PersonKey:
    """The key of a typed name, as an expression."""
    return PersonKey(models.Value(name, output_field=models.CharField()))


def keys_of(names: Iterable[str]) -> dict[str, str]:
    """The keys of many names, for comparing lists; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, person_key(n) FROM unnest(%s::text[]) AS n", [list(set(names))])
        return dict(cursor.fetchall())


def named(emails: Iterable[str], name: str, way: str = "") -> Q:
    """Records with this name at one of these addresses; ``way`` is the lookup that leads to them.

    The empty address is nobody's: people without a mailbox have nothing but a name in common.
    """
    addresses = [email for email in emails if email]
    return Q(**{f"{way}email__in": addresses, f"{way}name__person_key": key_of(name)})


def of_person(emails: Iterable[str], name: str, way: str = "") -> Q:
    """The same for records that may be linked to a volunteer: applications and registrations."""
    addresses = list(emails)
    unlinked = named(addresses, name, way) & Q(**{f"{way}volunteer__isnull": True})
    return _linked(addresses, name, way) | unlinked


def known_as(emails: Iterable[str], name: str) -> Q:
    """The record that a new form of the person would repeat, whoever has corrected a name since."""
    addresses = list(emails)
    return named(addresses, name) | _linked(addresses, name)


def _linked(addresses: Iterable[str], name: str, way: str = "") -> Q:
    """Records of the volunteers with this name; by their keys, which an index finds also after an „or“."""
    people = apps.get_model("volunteers", "Volunteer")._default_manager.filter(
        named(addresses, name)
    )
    return Q(OneOf(f"{way}volunteer", ArraySubquery(people.order_by().values("pk"))))


def same_person() -> Q:
    """For a subquery: rows with address and name of the outer row."""
    key = PersonKey(OuterRef("name"))
    return Q(email=OuterRef("email"), name__person_key=key) & ~Q(email="")


ONE_PERSON = (F("email"), PersonKey("name"))
"""The expressions of unique constraints that allow a person one row."""
