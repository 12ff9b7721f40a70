"""Which mails a mailbox does not want any more."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import MailStop
from ..models.stops import MailKind
from ..models.users import normalise_email


def stop(kind: MailKind, address: str) -> None:
    """From now on ``address`` gets no mails of this kind; idempotent."""
    MailStop.objects.update_or_create(
        key=_key(kind, address), defaults={"used_on": timezone.localdate()}
    )


def resume(kind: MailKind, address: str) -> None:
    MailStop.objects.filter(key=_key(kind, address)).delete()


def is_stopped(kind: MailKind, address: str) -> bool:
    return MailStop.objects.filter(key=_key(kind, address)).exists()


def stopped_of(kind: MailKind, addresses: Iterable[str]) -> set[str]:
    """Which of ``addresses`` do not want mails of this kind; one query."""
    keys = {_key(kind, address): address for address in addresses}
    found = MailStop.objects.filter(key__in=keys).values_list("key", flat=True)
    return {keys[key] for key in found}


def holds_back(kind: MailKind, address: str) -> bool:
    """Whether a mail must not go out. The stop is noted as used, so that retention keeps it."""
    found = MailStop.objects.filter(key=_key(kind, address))
    return bool(found.update(used_on=timezone.localdate()))


def _key(kind: MailKind, address: str) -> str:
    text = f"{kind.value}|{normalise_email(address)}"
    return salted_hmac("volunteers.guard.stops", text, algorithm="sha256").hexdigest()
