"""A new e-mail address for all records of a person (Art. 16 GDPR), after the new mailbox has confirmed.

Whoever can change the address can take over everything, because the address is the key to it. So
the change is asked for with the old mailbox or a login, the new mailbox confirms, and the old one
is told.
"""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from programs.requests import AnyUser

from ..errors import DomainError
from ..guard import security_log
from ..links import my_data as my_data_links
from ..links import signing
from ..models import Application, CompanionRequest, SecurityEvent, User, Volunteer
from ..notifications import my_data as notifications
from ..reads import persons
from ..reads.persons import Person
from ..services.locks import lock_all
from . import erasing
from .scope import scope_of


class LoginNeeded(DomainError):
    message = _(
        "Ihr Konto arbeitet in der Verwaltung. Seine Adresse ändern nur Sie selbst, wenn Sie damit "
        "angemeldet sind; ein Link allein genügt dafür nicht."
    )


class AddressTaken(DomainError):
    message = _(
        "Unter der neuen Adresse gibt es im Portal schon Daten, deshalb ist nichts geändert. Sie "
        "können ab jetzt mit diesen weitermachen, oder sie löschen und dann die Adresse ändern. "
        "Beides geht unter «Meine Daten»: Lassen Sie sich den Link an die neue Adresse schicken."
    )


class SeveralPeople(DomainError):
    message = _(
        "Sie haben sich mit mehreren Adressen angemeldet. Das lässt sich nicht in eine "
        "zusammenlegen, deshalb ist nichts geändert. Lassen Sie sich den Link zu «Meine Daten» an "
        "eine davon schicken und ändern Sie nur diese."
    )


def require_login(emails: Iterable[str], by: AnyUser) -> None:
    """Raises ``LoginNeeded`` when a staff account has one of the addresses, unless it is ``by``."""
    if any(user.is_staff and user != by for user in persons.accounts_of(emails)):
        raise LoginNeeded


def ask(*, person: Person, new: str, by: AnyUser) -> None:
    """Mail the confirmation link to ``new``, whether the portal knows it or not; changes nothing yet.

    Raises ``LoginNeeded``. If no record is confirmed, there is nothing to move and no mail.
    """
    with transaction.atomic():
        require_login(person.emails, by)
        known_by = [one for email in person.emails if (one := _first([email])) is not None]
        if known_by:
            notifications.new_address(new, my_data_links.new_address_url(known_by, new))


def change(*, emails: tuple[str, ...], new: str, by: AnyUser) -> None:
    """Make ``new``, which is proven by now, the address of all confirmed records and of the account.

    Certificates, consents and tandems follow because they belong to these records. Waiting mails
    keep their address. Only the old addresses get a mail. Raises ``LoginNeeded``, ``AddressTaken``
    or ``SeveralPeople``, or ``LinkExpired`` when another click was faster.
    """
    with transaction.atomic():
        erasing.lock(scope_of(emails))
        accounts = lock_all(persons.accounts_of(emails))
        require_login(emails, by)
        record = _first(emails)
        if record is None:
            raise signing.LinkExpired
        try:
            with transaction.atomic():
                _write(emails, new, accounts)
        except IntegrityError as error:  # a unique constraint refused the second row
            raise (AddressTaken if scope_of([new]) else SeveralPeople) from error
        user = by if by in accounts else None
        security_log.record(SecurityEvent.Kind.ADDRESS_CHANGED, by=user, about=record)
        for email in emails:
            notifications.address_changed(email)


def _records(emails: Iterable[str]) -> "list[models.QuerySet[Any]]":
    """Confirmed records of these addresses. Unconfirmed ones may be anybody's; they expire on their own."""
    requests = CompanionRequest.objects.filter(email__in=list(emails), confirmed_at__isnull=False)
    volunteers = Volunteer.objects.filter(email__in=list(emails))
    applications = Application.objects.of_addresses(emails)
    return [volunteers, applications, persons.registrations_of(emails), requests]


def _first(emails: Iterable[str]) -> models.Model | None:
    """One record with one of the addresses that would move; None when there is none."""
    owned = EmailAddress.objects.filter(email__in=list(emails), verified=True)
    users = User.objects.filter(email__in=list(emails))
    found = (records.order_by("pk").first() for records in (*_records(emails), users, owned))
    return next((one for one in found if one is not None), None)


def _write(emails: tuple[str, ...], new: str, accounts: list[User]) -> None:
    for records in _records(emails):
        records.update(email=new)
    for user in accounts:
        _write_account(user, emails, new)


def _write_account(user: User, emails: tuple[str, ...], new: str) -> None:
    """Change the login, too. Drops a password that was set before any address was proven.

    Somebody else may have set that password.
    """
    addresses = EmailAddress.objects.filter(user=user)
    old = addresses.filter(email__in=emails)
    if not old.filter(verified=True).exists():
        user.set_unusable_password()
    is_login = user.email in emails
    old.delete()
    if is_login:
        user.email = new
        addresses.update(primary=False)
    user.save(update_fields=["email", "password"])
    defaults = {"verified": True, "primary": is_login}
    EmailAddress.objects.update_or_create(user=user, email=new, defaults=defaults)
