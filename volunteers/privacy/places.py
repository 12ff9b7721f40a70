"""Where a person is known: their organisations, and the records of the other side of their tandems.

Only there a name stands for this person. In other places the same words may be another person or no
name at all: anybody may sign up as „Guten Tag“.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from programs.history import table_of
from programs.models import Membership, Organisation

from ..models import (
    Agreement,
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    Concern,
    ConcernNote,
    ConductCheck,
    Expense,
    HoursEntry,
    Invitation,
    Message,
    Registration,
    StatusChange,
    StepRecord,
    Tandem,
)
from ..models.above import OWNERS, confirmed_above

if TYPE_CHECKING:
    from .scope import Scope

OF_APPLICATION = ("application__organisation", "application", "")
WAYS = {
    Application: ("organisation", "pk", ""),
    Agreement: ("tandem__organisation", "tandem__application", "tandem__request"),
    CheckIn: ("tandem__organisation", "tandem__application", "tandem__request"),
    CompanionRequest: ("organisation", "", "pk"),
    Concern: ("organisation", "tandem__application", "tandem__request"),
    ConcernNote: (
        "concern__organisation",
        "concern__tandem__application",
        "concern__tandem__request",
    ),
    Expense: OF_APPLICATION,
    HoursEntry: OF_APPLICATION,
    Message: OF_APPLICATION,
    Organisation: ("pk", "", ""),
    StatusChange: OF_APPLICATION,
    StepRecord: OF_APPLICATION,
    Tandem: ("organisation", "application", "request"),
}
"""Model → lookups of its organisation, application and request, if it is not ``organisation`` alone."""


@dataclass(frozen=True)
class Places:
    """Organisations, and applications and requests of the other sides, by primary key.

    ``nobodys`` stands for records without an organisation, which the clearing office looks after.
    """

    organisations: frozenset[int] = frozenset()
    applications: frozenset[int] = frozenset()
    requests: frozenset[int] = frozenset()
    nobodys: bool = False

    def rows(self, model: type[models.Model]) -> "models.QuerySet[Any]":
        """The records of ``model`` in which the person's name stands for this person."""
        default = ("organisation", "", "") if _has_organisation(model) else ("", "", "")
        if model._meta.label in OWNERS:
            default = (OWNERS[model._meta.label], "", "")
        owner, application, request = WAYS.get(model, default)
        if not owner:
            return model._default_manager.none()
        found = Q(**{f"{owner}__in": self.organisations})
        if application:
            found |= Q(**{f"{application}__in": self.applications})
        if request:
            found |= Q(**{f"{request}__in": self.requests})
        if self.nobodys:
            found |= Q(**{f"{owner}__isnull": True})
        return model._default_manager.filter(found)

    def entries(self) -> "models.QuerySet[LogEntry]":
        """The entries of Django's admin log about these records."""
        found = Q(pk__in=())
        for kind in ContentType.objects.filter(pk__in=LogEntry.objects.values("content_type")):
            if model := kind.model_class():
                numbers = self.rows(model).order_by().annotate(_n=Cast("pk", models.CharField()))
                found |= Q(content_type=kind, object_id__in=numbers.values("_n"))
        return LogEntry.objects.filter(found)

    def readers(self, user: str = "by") -> Q:
        """Condition on the account ``user``: those who may have searched for the person or exported them."""
        ever: models.QuerySet[Any] = models.QuerySet(table_of(Membership))
        ever = ever.filter(organisation__in=self.organisations)
        by_staff = Q(**{f"{user}__in": ever.order_by().values("user")})
        return by_staff | Q(**{f"{user}__isnull": True}) | Q(**{f"{user}__is_superuser": True})


def _has_organisation(model: type[models.Model]) -> bool:
    try:
        return model._meta.get_field("organisation").related_model is Organisation
    except FieldDoesNotExist:
        return False


def places_of(scope: "Scope") -> Places:
    """Call it before the records are deleted. Unconfirmed records do not count: anybody can submit them."""
    confirmed = Q(confirmed_at__isnull=False)
    applications = Application.objects.filter(confirmed, pk__in=scope.applications)
    registrations = Registration.objects.filter(confirmed, pk__in=scope.registrations)
    requests = CompanionRequest.objects.filter(confirmed, pk__in=scope.requests)
    tandems = scope.tandems()
    found = {
        *_organisations(applications, "organisation", "changes__organisation"),
        *_organisations(applications.exclude(changes__organisation=None), "entry__organisation"),
        *_organisations(registrations, "organisation"),
        *_organisations(requests, "organisation"),
        *_organisations(tandems, "organisation", "application__organisation"),
        *_organisations(tandems, "request__organisation"),
        *_organisations(Certificate.objects.filter(volunteer__in=scope.volunteers), "organisation"),
        *_organisations(
            ConductCheck.objects.filter(volunteer__in=scope.volunteers), "organisation"
        ),
        *_organisations(Invitation.objects.filter(pk__in=scope.invitations), "organisation"),
        *_organisations(memberships_ever(scope), "organisation"),
        *_places_above(scope),
    }
    offices = set(Organisation.objects.clearing().values_list("pk", flat=True))
    unowned = (
        requests.filter(organisation=None).exists() or tandems.filter(organisation=None).exists()
    )
    nobodys = unowned or bool(found & offices)
    return Places(
        organisations=frozenset(found | (offices if nobodys else set())),
        applications=frozenset(tandems.values_list("application", flat=True)),
        requests=frozenset(tandems.values_list("request", flat=True)),
        nobodys=nobodys,
    )


def _places_above(scope: "Scope") -> set[int]:
    found: set[int] = set()
    for model in confirmed_above():
        rows = model._default_manager.filter(confirmed_at__isnull=False, pk__in=scope.of(model))
        found |= _organisations(rows, "organisation")
    return found


def _organisations(rows: "models.QuerySet[Any]", *ways: str) -> set[int]:
    found = {number for way in ways for number in rows.order_by().values_list(way, flat=True)}
    return found - {None}


def memberships_ever(scope: "Scope") -> "models.QuerySet[Any]":
    """The history of the accounts' memberships, deleted ones included."""
    return models.QuerySet(table_of(Membership)).filter(user__in=scope.users)
