"""The records that belong to one person, for deleting them and for finding traces."""

from dataclasses import dataclass, fields
from typing import Any

from django.db import models
from django.db.models import Q

from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    Invitation,
    OrganisationProposal,
    Registration,
    Tandem,
    User,
    Volunteer,
)
from ..models.above import models_above
from ..models.companions import TandemQuerySet
from ..models.standing_orders import order_models
from ..reads.persons import (
    Person,
    accounts_that_go_with,
    orders_that_go_with,
    person_of,
)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The records to delete, by primary key."""

    requests: frozenset[int] = frozenset()
    applications: frozenset[int] = frozenset()
    registrations: frozenset[int] = frozenset()
    volunteers: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    invitations: frozenset[int] = frozenset()
    enquiries: frozenset[int] = frozenset()
    concerns: frozenset[int] = frozenset()
    """These stay, without the person."""
    askers: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    access_requests: frozenset[int] = frozenset()
    above: frozenset[tuple[str, int]] = frozenset()
    """Of the models of ``models/above.py``, each with its name."""
    orders: frozenset[tuple[str, int]] = frozenset()
    """Of the models of ``models/standing_orders.py``, each with its name."""
    proposals: frozenset[int] = frozenset()

    def __le__(self, other: "Scope") -> bool:
        return all(getattr(self, f.name) <= getattr(other, f.name) for f in fields(self))

    def __or__(self, other: "Scope") -> "Scope":
        names = [f.name for f in fields(self)]
        return Scope(**{name: getattr(self, name) | getattr(other, name) for name in names})

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def of(self, model: type[models.Model]) -> frozenset[int]:
        """The primary keys of one model."""
        if model in models_above():
            return frozenset(pk for name, pk in self.above if name == model.__name__)
        if model in order_models():
            return frozenset(pk for name, pk in self.orders if name == model.__name__)
        return {
            CompanionRequest: self.requests,
            Application: self.applications,
            Registration: self.registrations,
            Volunteer: self.volunteers,
            User: self.users,
            Invitation: self.invitations,
            Enquiry: self.enquiries,
            Concern: self.concerns,
            Asker: self.askers,
            DateRequest: self.dates,
            AccessRequest: self.access_requests,
            OrganisationProposal: self.proposals,
        }[model]

    def tandems(self) -> "TandemQuerySet":
        """All tandems of these, over or not; a tandem with only one side has no meaning."""
        return Tandem.objects.filter(
            Q(request__in=self.requests)
            | Q(application__in=self.applications)
            | Q(volunteer__in=self.volunteers)
        )


def scope_of(person: Person, *, accounts: bool = True) -> Scope:
    """All records of the person, and none of others at the same address.

    Without ``accounts`` the account and its roles stay.
    """
    return Scope(
        requests=_numbers(CompanionRequest.objects.filter(person.named())),
        applications=_numbers(Application.objects.filter(person.owns())),
        registrations=_numbers(Registration.objects.filter(person.owns())),
        volunteers=_numbers(Volunteer.objects.filter(person.named())),
        users=_numbers(accounts_that_go_with(person)) if accounts else frozenset(),
        invitations=_numbers(Invitation.objects.filter(person.named())),
        enquiries=_numbers(Enquiry.objects.filter(person.named())),
        concerns=_numbers(Concern.objects.filter(person.named())),
        askers=_numbers(Asker.objects.filter(person.named())),
        dates=_numbers(DateRequest.objects.filter(person.named())),
        access_requests=_numbers(AccessRequest.objects.filter(person.named())),
        above=frozenset(
            (one.__name__, pk)
            for one in models_above()
            for pk in _numbers(one._default_manager.filter(person.named()))
        ),
        orders=frozenset(
            (rows.model.__name__, pk)
            for rows in orders_that_go_with(person)
            for pk in _numbers(rows)
        ),
        proposals=_numbers(OrganisationProposal.objects.filter(person.named())),
    )


def scope_of_record(record: Volunteer | User | CompanionRequest, *, accounts: bool = True) -> Scope:
    """The same for the person of a record, who may have no address; the record itself always goes."""
    number = frozenset({record.pk})
    if isinstance(record, CompanionRequest):
        own = Scope(requests=number)
    elif isinstance(record, User):
        own = Scope(users=number if accounts else frozenset())
    else:
        own = Scope(
            applications=_numbers(record.applications.all()),
            registrations=_numbers(record.registrations.all()),
            volunteers=number,
        )
    return own | scope_of(person_of(record), accounts=accounts) if record.email else own


def _numbers(records: "models.QuerySet[Any]") -> frozenset[int]:
    return frozenset(records.values_list("pk", flat=True))
