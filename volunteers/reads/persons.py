"""Who stands before «Meine Seite»: somebody by the addresses that are proven to be theirs.

An address is proven by logging in with it, or by a link that was mailed to it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from ..links import people as person_links
from ..models import Application, CompanionRequest, Registration, User


class Person(NamedTuple):
    """Somebody by the addresses that are proven to be theirs; ``token`` opens their page again."""

    emails: tuple[str, ...]
    token: str


def of_account(user: User) -> Person:
    """By the confirmed addresses of an account."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    emails = tuple(confirmed.values_list("email", flat=True))
    return Person(emails, person_links.person_token(emails))


def accounts_of(emails: Iterable[str]) -> QuerySet[User]:
    """The accounts that open with one of these addresses: their own, or a confirmed one besides."""
    emails = list(emails)
    besides = EmailAddress.objects.filter(email__in=emails, verified=True)
    return User.objects.filter(Q(email__in=emails) | Q(pk__in=besides.values("user")))


def by_token(token: str) -> Person | None:
    """By a signed link; None where nothing of this person is kept (any more).

    Raises ``WrongLink`` for a token that is not ours; the caller answers both alike, so that the
    page tells nobody which addresses the portal knows. Raises ``LinkExpired`` for an old one.
    """
    emails = person_links.read_person_token(token)
    return Person(emails, token) if is_known(emails) else None


def registrations_of(emails: Iterable[str]) -> QuerySet[Registration]:
    """Confirmed ones of these addresses."""
    return Registration.objects.filter(email__in=list(emails), confirmed_at__isnull=False)


def is_known(emails: tuple[str, ...]) -> bool:
    """Whether one of the addresses has confirmed anything: a tandem begins with that, too."""
    applications = Application.objects.of_addresses(emails)
    registrations = registrations_of(emails)
    requests = CompanionRequest.objects.filter(email__in=emails, confirmed_at__isnull=False)
    return applications.exists() or registrations.exists() or requests.exists()
