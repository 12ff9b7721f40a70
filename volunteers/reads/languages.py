"""In which language the portal writes to somebody of whom only name and addresses are known."""

from typing import Any

from django.db.models import QuerySet, Value
from django.utils.translation import get_language

from programs.united import united

from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    DateRequest,
    OrganisationProposal,
    Registration,
    Volunteer,
)
from ..models.above import confirmed_above
from ..models.reading import known_language
from .persons import Person


def records_with_language(person: Person) -> "list[QuerySet[Any]]":
    """Everything of the person that says in which language the portal writes; the person's own record is the last."""
    asked: tuple[Any, ...] = (
        *(CompanionRequest, Asker, DateRequest, AccessRequest, OrganisationProposal),
        *confirmed_above(),
    )
    found = [one._default_manager.filter(person.named()) for one in asked]
    found += [one._default_manager.filter(person.owns()) for one in (Application, Registration)]
    return [*found, Volunteer.objects.filter(person.named())]


def language_of(person: Person) -> str:
    """That of the person's own record, else of another one; without any, the language of the page. One query."""
    ranked: list[Any] = [
        records.order_by().annotate(rank=Value(rank)).values_list("rank", "preferred_language")
        for rank, records in enumerate(reversed(records_with_language(person)))
    ]
    found = sorted(united(*ranked, repeated=False))
    return known_language(found[0][1] if found else get_language() or "")
