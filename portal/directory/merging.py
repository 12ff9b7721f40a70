"""Two organisations that are one: everything moves to the one that stays."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.models import DifferentPair, FormerOrganisation, Membership, Organisation
from volunteers.errors import DomainError
from volunteers.guard import security_log
from volunteers.models import SecurityEvent, User
from volunteers.notifications import accesses
from volunteers.services.absorbing import ONE_STAYS, OneStays, absorb, while_nobody_writes

from .invited_models import InvitedOrganisation
from .values import Comparison, Values

# Of two organisations that were invited for the same day, the one that has reacted stays.
ONE_STAYS[InvitedOrganisation] = OneStays(lambda one: (one.opened_at is not None, -one.pk))

PERM = "programs.merge_organisation"


class AlreadyMerged(DomainError):
    message = _(
        "Eine der beiden Organisationen gibt es nicht mehr: Jemand hat sie inzwischen zusammengeführt "
        "oder gelöscht."
    )


class ChangedMeanwhile(DomainError):
    message = _(
        "Jemand hat eine der beiden Organisationen inzwischen geändert. Hier steht, was jetzt gilt; "
        "bitte wählen Sie noch einmal."
    )


class ClearingOfficeStays(DomainError):
    message = _("Die Clearingstelle muss bleiben. Bitte tauschen Sie die beiden.")


class WouldSeeMore(DomainError):
    message = _(
        "Nur für eine der beiden beantworten Sie Anmeldungen. Nach dem Zusammenführen sähen Sie auch "
        "die Menschen, die sich an die andere gewandt haben. Bitte fragen Sie die Portalverwaltung."
    )


def mergeable_by(user: User) -> "QuerySet[Organisation]":
    """The organisations that ``user`` may merge with each other, by the roles that may merge at all."""
    return Organisation.objects.visible_to(user.limited_to(PERM))


def require_may_merge(user: User, kept: Organisation, merged: Organisation) -> None:
    """Raise an error unless ``user`` may merge these two.

    Nobody gets to see people by merging: somebody who answers for one of the two answers for both.
    """
    if merged.is_clearing_office:
        raise ClearingOfficeStays
    if (
        not user.is_superuser
        and Organisation.objects.of(user).filter(pk__in=(kept.pk, merged.pk)).count() == 1
    ):
        raise WouldSeeMore


def merge_organisations(
    *,
    kept: Organisation,
    merged: Organisation,
    merged_by: User,
    values: Values | None = None,
    seen: str = "",
) -> Organisation:
    """Move everything from ``merged`` to ``kept`` and delete ``merged``; its address leads to ``kept``.

    ``values`` are what ``kept`` shall say from now on; by default what it says now, and where that is
    empty what ``merged`` says. ``seen`` is the fingerprint of what the user has compared. Locks the
    tables of all that hangs on an organisation, for as long as it takes. Members of ``merged`` become
    members of ``kept``; colleagues get the mail about new roles. Raises ``AlreadyMerged``,
    ``ChangedMeanwhile``, ``ClearingOfficeStays``, ``WouldSeeMore``, ``TooBusy``, or a ``DomainError``
    with the reason why ``values`` are not possible.
    """
    return while_nobody_writes(
        Organisation, lambda: _merge(kept.pk, merged.pk, merged_by, values, seen)
    )


def _merge(
    kept_pk: int, merged_pk: int, by: User, values: Values | None, seen: str
) -> Organisation:
    both = Organisation.objects.in_bulk([kept_pk, merged_pk])
    if len(both) < 2:
        raise AlreadyMerged
    kept, merged = both[kept_pk], both[merged_pk]
    require_may_merge(by, kept, merged)
    comparison = Comparison(kept, merged, by)
    if seen and seen != comparison.fingerprint:
        raise ChangedMeanwhile
    before = set(kept.memberships.values_list("user", "role"))
    _write(kept, merged, comparison.proposed() if values is None else values)
    DifferentPair.objects.filter(one__in=both, other__in=both).delete()
    _move_notes(kept, merged)
    number, slug, title = merged.pk, merged.slug, merged.title
    absorb(kept, merged)
    FormerOrganisation.objects.update_or_create(
        slug=slug, defaults={"number": number, "title": title, "kept": kept}
    )
    _note(kept, title, by)
    _tell_of_new_members(kept, before, by)
    return kept


def _write(kept: Organisation, merged: Organisation, values: Values) -> None:
    """Save the chosen values; an organisation is never in charge of itself."""
    lists = {field.name for field in Organisation._meta.many_to_many}
    for name, value in values.items():
        if name not in lists:
            field: Any = Organisation._meta.get_field(name)
            setattr(kept, field.attname, value)
    if kept.department_id in (kept.pk, merged.pk):
        kept.department_id = None
    try:
        kept.full_clean(validate_unique=False)
    except ValidationError as error:
        raise DomainError(_sentence(error)) from error
    kept.save()
    for name in lists & set(values):
        getattr(kept, name).set(values[name])


def _sentence(error: ValidationError) -> str:
    """All faults in one line, each with the label of its field."""
    labels = {field.name: str(field.verbose_name) for field in Organisation._meta.fields}
    return " ".join(
        f"{labels[name]}: {text}" if name in labels else text
        for name, texts in error.message_dict.items()
        for text in texts
    )


def _notes_on(organisation: Organisation) -> Any:
    kind = ContentType.objects.get_for_model(Organisation)
    return LogEntry.objects.filter(content_type=kind, object_id=str(organisation.pk))


def _move_notes(kept: Organisation, merged: Organisation) -> None:
    _notes_on(merged).update(object_id=str(kept.pk))


def _note(kept: Organisation, title: str, by: User) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=str(kept.pk),
        object_repr=str(kept)[:200],
        action_flag=CHANGE,
        change_message=__("Mit „%(title)s“ zusammengeführt.") % {"title": title},
    )


def _tell_of_new_members(kept: Organisation, before: set[tuple[int, str]], by: User) -> None:
    for membership in Membership.objects.filter(organisation=kept).select_related("user"):
        if (membership.user_id, membership.role) not in before:
            security_log.record(SecurityEvent.Kind.ROLE_GIVEN, by=by, about=membership)
            accesses.role_given(membership, by=by)
