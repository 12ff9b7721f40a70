"""A new e-mail address for all records of a person (Art. 16 GDPR), after the new mailbox has confirmed.

Others at the old address stay there, and so does an account that is not the person's own.

Whoever can change the address can take over everything, because the address is the key to it. So
the change is asked for with the old mailbox or a login, the new mailbox confirms, and the old one
is told.
"""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.requests import AnyUser

from ..errors import DomainError
from ..guard import security_log
from ..links import my_data as my_data_links
from ..links import signing
from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    DateRequest,
    OrganisationProposal,
    Registration,
    SecurityEvent,
    User,
    Volunteer,
)
from ..models.above import confirmed_above
from ..models.standing_orders import orders_of
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
        "Beides geht unter „Meine Daten“: Lassen Sie sich den Link an die neue Adresse schicken."
    )


class SeveralAddresses(DomainError):
    message = _(
        "Sie haben sich mit mehreren Adressen angemeldet. Das lässt sich nicht in eine "
        "zusammenlegen, deshalb ist nichts geändert. Lassen Sie sich den Link zu „Meine Daten“ an "
        "eine davon schicken und ändern Sie nur diese."
    )


class OnlyOrders(DomainError):
    message = _(
        "Zu Ihrer Adresse steht bei uns nur, was Sie per Mail bestellt haben: Newsletter oder Suchen. Bestellen Sie "
        "es bitte mit der neuen Adresse, und bestellen Sie es mit der alten ab: Der Link dafür steht in jeder Mail."
    )


def require_login(person: Person, by: AnyUser) -> None:
    """Raises ``LoginNeeded`` when a staff account would move with the person, unless it is ``by``."""
    moving = persons.accounts_that_go_with(person)
    if any(user.is_staff and user != by for user in moving):
        raise LoginNeeded


def ask(*, person: Person, new: str, by: AnyUser) -> None:
    """Mail the confirmation link to ``new``, whether the portal knows it or not; changes nothing yet.

    Raises ``LoginNeeded``, ``OnlyOrders``. If no record is confirmed, there is nothing to move and no mail.
    """
    with transaction.atomic():
        require_login(person, by)
        at_each = (replace(person, emails=(email,)) for email in person.emails)
        known_by = [one for at in at_each if (one := _first(at)) is not None]
        if not known_by and any(orders.exists() for orders in orders_of(person.emails)):
            raise OnlyOrders
        if known_by:
            notifications.new_address(new, my_data_links.new_address_url(known_by, new))


def change(*, person: Person, new: str, by: AnyUser) -> None:
    """Make ``new``, which is proven by now, the address of all confirmed records and of the account.

    Certificates, consents and tandems follow because they belong to these records. Waiting mails
    keep their address. Only the old addresses get a mail. Raises ``LoginNeeded``, ``AddressTaken``
    or ``SeveralAddresses``, or ``LinkExpired`` when another click was faster.
    """
    with transaction.atomic():
        erasing.lock(scope_of(person))
        accounts = lock_all(persons.accounts_that_go_with(person))
        require_login(person, by)
        record = _first(person)
        if record is None:
            raise signing.LinkExpired
        try:
            with transaction.atomic():
                _write(person, new, accounts)
        except IntegrityError as error:  # a unique constraint refused the second row
            taken = scope_of(replace(person, emails=(new,))) or persons.accounts_of([new]).exists()
            raise (AddressTaken if taken else SeveralAddresses) from error
        user = by if by in accounts else None
        security_log.record(SecurityEvent.Kind.ADDRESS_CHANGED, by=user, about=record)
        for email in person.emails:
            notifications.address_changed(email, person.name if person.others else "")


def _records(person: Person) -> "list[models.QuerySet[Any]]":
    """Confirmed records of the person. Unconfirmed ones may be anybody's; they expire on their own."""
    confirmed = Q(confirmed_at__isnull=False)
    return [
        Application.objects.filter(confirmed, person.owns()),
        Registration.objects.filter(confirmed, person.owns()),
        Asker.objects.filter(confirmed, person.named()),
        CompanionRequest.objects.filter(confirmed, person.named()),
        DateRequest.objects.filter(confirmed, person.named()),
        AccessRequest.objects.filter(confirmed, person.named()),
        *(one._default_manager.filter(confirmed, person.named()) for one in confirmed_above()),
        OrganisationProposal.objects.filter(confirmed, person.named()),
        Volunteer.objects.filter(person.named()),
    ]


def _first(person: Person) -> models.Model | None:
    """One record of the person that would move, the volunteer's own first; None when there is none."""
    own = [*reversed(_records(person)), persons.accounts_that_go_with(person)]
    found = (records.order_by("pk").first() for records in own)
    return next((one for one in found if one is not None), None)


def _write(person: Person, new: str, accounts: list[User]) -> None:
    orders = [list(found) for found in persons.orders_that_go_with(person)]
    rows = [
        (records.model, list(records.values_list("pk", flat=True))) for records in _records(person)
    ]
    for model, numbers in rows:
        model._default_manager.filter(pk__in=numbers).update(email=new)
    for user in accounts:
        _write_account(user, person.emails, new)
    for own in orders:
        _take_along(own, new)


def _take_along(orders: list[Any], new: str) -> None:
    """Each order that runs, once; what the new mailbox gets already stays as it is, and what was left goes."""
    for order in sorted(orders, key=attrgetter("pk")):
        same = {name: getattr(order, name) for name in order.SAME}
        there = type(order)._default_manager.filter(email=new, **same)
        if order.is_running and not there.running().exists():
            there.delete()
            order.email = new
            order.save(update_fields=["email"])
        elif order.email != new:
            order.delete()


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
