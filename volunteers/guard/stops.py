"""Which mails a mailbox does not want any more."""

from collections.abc import Iterable

from django.utils import timezone

from ..keyed import keyed, known_marks
from ..models import MailStop
from ..models.stops import MailKind
from ..models.users import normalise_email

SALT = "volunteers.guard.stops"


def stop(kind: MailKind, address: str) -> None:
    """From now on ``address`` gets no mails of this kind; idempotent."""
    MailStop.objects.update_or_create(
        key=keyed(SALT, _text(kind, address)), defaults={"used_on": timezone.localdate()}
    )


def resume(kind: MailKind, address: str) -> None:
    MailStop.objects.filter(key__in=_keys(kind, address)).delete()


def is_stopped(kind: MailKind, address: str) -> bool:
    return MailStop.objects.filter(key__in=_keys(kind, address)).exists()


def stopped_of(kind: MailKind, addresses: Iterable[str]) -> set[str]:
    """Which of ``addresses`` do not want mails of this kind; one query."""
    keys = {key: address for address in addresses for key in _keys(kind, address)}
    found = MailStop.objects.filter(key__in=keys).values_list("key", flat=True)
    return {keys[key] for key in found}


def holds_back(kind: MailKind, address: str) -> bool:
    """Whether a mail must not go out. The stop is noted as used, so that retention keeps it."""
    found = MailStop.objects.filter(key__in=_keys(kind, address))
    return bool(found.update(used_on=timezone.localdate()))


def _keys(kind: MailKind, address: str) -> list[str]:
    """The keys under which a stop may be stored."""
    return known_marks(SALT, _text(kind, address))


def _text(kind: MailKind, address: str) -> str:
    return f"{kind.value}|{normalise_email(address)}"
