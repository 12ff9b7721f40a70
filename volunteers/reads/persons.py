"""The person on «Meine Seite»: identified by the addresses that are proven to be theirs.

An address is proven by logging in with it, or by a link that was mailed to it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from ..links import people as person_links
from ..models import Application, CompanionRequest, Registration, User


class Person(NamedTuple):
    """A person, as the set of their proven addresses; ``token`` opens their page again."""

    emails: tuple[str, ...]
    token: str


def of_account(user: User) -> Person:
    """The person with the confirmed addresses of an account."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    emails = tuple(confirmed.values_list("email", flat=True))
    return Person(emails, person_links.person_token(emails))


def accounts_of(emails: Iterable[str]) -> QuerySet[User]:
    """The accounts with one of these addresses, as login or as another confirmed address."""
    emails = list(emails)
    besides = EmailAddress.objects.filter(email__in=emails, verified=True)
    return User.objects.filter(Q(email__in=emails) | Q(pk__in=besides.values("user")))


def by_token(token: str) -> Person | None:
    """The person of a signed link; None when nothing about them is kept (any more).

    Raises ``WrongLink`` for an invalid token. The caller answers both in the same way, so that the
    page does not tell which addresses the portal knows. Raises ``LinkExpired`` for an old link.
    """
    emails = person_links.read_person_token(token)
    return Person(emails, token) if is_known(emails) else None


def registrations_of(emails: Iterable[str]) -> QuerySet[Registration]:
    """Confirmed registrations of these addresses."""
    return Registration.objects.filter(email__in=list(emails), confirmed_at__isnull=False)


def is_known(emails: tuple[str, ...]) -> bool:
    """Whether one of the addresses has confirmed anything; a request for a companion counts, too."""
    applications = Application.objects.of_addresses(emails)
    registrations = registrations_of(emails)
    requests = CompanionRequest.objects.filter(email__in=emails, confirmed_at__isnull=False)
    return applications.exists() or registrations.exists() or requests.exists()
