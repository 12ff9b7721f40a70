"""Creates the accounts of the demo (:data:`~portal.demo_accounts.DEMO_ACCOUNTS`)."""

import datetime

from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.demo_accounts import ADMINISTRATOR, DEMO_ACCOUNTS, DemoAccount
from programs.models import Membership, Organisation
from volunteers.models import User

from .once import Once

DEPUTY_DAYS = 90


def member_of(organisation: Organisation | None) -> User | None:
    """The first user who answers for the organisation, or None."""
    found = Membership.objects.answering().filter(organisation=organisation).first()
    return found.user if found else None


def load(once: Once) -> int:
    new = [account for account in DEMO_ACCOUNTS if once.is_new("account", account.email)]
    for account in new:
        _make(account)
    return len(new)


def _make(account: DemoAccount) -> None:
    """Create the account, its confirmed address and its memberships. An existing account is kept."""
    user = User.objects.filter(email=account.email).first() or User.objects.create_user(
        account.email,
        account.password,
        name=account.name,
        is_superuser=account.email == ADMINISTRATOR,
    )
    EmailAddress.objects.update_or_create(
        user=user, email=account.email, defaults={"verified": True, "primary": True}
    )
    for slug, role in account.works_for.items():
        organisation = Organisation.objects.get(slug=slug)
        last_day = timezone.localdate() + datetime.timedelta(days=DEPUTY_DAYS)
        Membership.objects.get_or_create(
            user=user,
            organisation=organisation,
            defaults={
                "role": role,
                "language": account.language,
                "until": last_day if role == Membership.Role.DEPUTY else None,
            },
        )
