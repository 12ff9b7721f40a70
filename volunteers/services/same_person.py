"""Two records of one person become one: everything that hangs on the other one moves."""

from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..guard import security_log
from ..models import SecurityEvent, User, Volunteer
from ..notifications import people as notifications
from .absorbing import absorb, fill_empty, while_nobody_writes


class AlreadyOnePerson(DomainError):
    message = _(
        "Einen der beiden Einträge gibt es nicht mehr: Jemand hat sie inzwischen zusammengeführt oder "
        "gelöscht."
    )


class BothHaveAccounts(DomainError):
    message = _(
        "Beide haben ein eigenes Konto. Bitte klären Sie mit der Person, welches bleibt, und löschen Sie "
        "das andere zuerst."
    )


def merge_volunteers(*, kept: Volunteer, merged: Volunteer, merged_by: User) -> Volunteer:
    """Move everything from ``merged`` to ``kept`` and delete ``merged``.

    ``kept`` keeps its name, address and answers; what it lacks comes from ``merged``, lists are joined.
    The applications belong to the person of ``kept`` from now on and keep the address under which
    they were made. Both mailboxes get a mail, because whoever reads one of them may see more than
    before. Raises ``AlreadyOnePerson``, ``BothHaveAccounts`` or ``TooBusy``.
    """
    return while_nobody_writes(Volunteer, lambda: _merge(kept.pk, merged.pk, merged_by))


def _merge(kept_pk: int, merged_pk: int, by: User) -> Volunteer:
    both = Volunteer.objects.in_bulk([kept_pk, merged_pk])
    if len(both) < 2:
        raise AlreadyOnePerson
    kept, merged = both[kept_pk], both[merged_pk]
    if kept.user_id and merged.user_id:
        raise BothHaveAccounts
    mailboxes = {merged.email: merged, kept.email: kept}
    for field in Volunteer._meta.many_to_many:
        getattr(kept, field.name).add(*getattr(merged, field.name).all())
    user, merged.user = merged.user, None
    absorb(kept, merged)
    fill_empty(kept, merged, [field for field in Volunteer._meta.concrete_fields if field.editable])
    if user:
        Volunteer.objects.filter(pk=kept.pk).update(user=user)
    security_log.record(SecurityEvent.Kind.MERGED, by=by, about=kept)
    for email, volunteer in sorted(mailboxes.items()):
        notifications.merged(volunteer, email)
    kept.refresh_from_db()
    return kept
