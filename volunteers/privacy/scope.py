"""The records that belong to one person, for deleting them and for finding traces."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db import models
from django.db.models import Q

from ..models import (
    Application,
    CompanionRequest,
    Invitation,
    Registration,
    Tandem,
    User,
    Volunteer,
)
from ..models.companions import TandemQuerySet
from ..reads.persons import accounts_of


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The records to delete, by primary key."""

    requests: frozenset[int] = frozenset()
    applications: frozenset[int] = frozenset()
    registrations: frozenset[int] = frozenset()
    volunteers: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    invitations: frozenset[int] = frozenset()

    def __le__(self, other: "Scope") -> bool:
        return all(getattr(self, f.name) <= getattr(other, f.name) for f in fields(self))

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def of(self, model: type[models.Model]) -> frozenset[int]:
        """The primary keys of one model."""
        return {
            CompanionRequest: self.requests,
            Application: self.applications,
            Registration: self.registrations,
            Volunteer: self.volunteers,
            User: self.users,
            Invitation: self.invitations,
        }[model]

    def tandems(self) -> "TandemQuerySet":
        """All tandems of these, over or not; a tandem with only one side has no meaning."""
        return Tandem.objects.filter(
            Q(request__in=self.requests)
            | Q(application__in=self.applications)
            | Q(volunteer__in=self.volunteers)
        )


def scope_of(emails: Iterable[str], *, accounts: bool = True) -> Scope:
    """All records of the person with these addresses.

    Without ``accounts`` the account and its roles stay. The empty address is left out: requests
    without an address belong to different people.
    """
    emails = [email for email in emails if email]
    volunteers = _numbers(Volunteer.objects.filter(email__in=emails))
    of_person = Q(email__in=emails) | Q(volunteer__in=volunteers)
    return Scope(
        requests=_numbers(CompanionRequest.objects.filter(email__in=emails)),
        applications=_numbers(Application.objects.filter(of_person)),
        registrations=_numbers(Registration.objects.filter(of_person)),
        volunteers=volunteers,
        users=_numbers(accounts_of(emails)) if accounts else frozenset(),
        invitations=_numbers(Invitation.objects.filter(email__in=emails)),
    )


def _numbers(records: "models.QuerySet[Any]") -> frozenset[int]:
    return frozenset(records.values_list("pk", flat=True))
