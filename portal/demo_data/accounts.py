"""One account for each role. Its address is confirmed, so it can log in at once."""

import datetime

from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.demo_accounts import DEMO_ACCOUNTS, DemoAccount
from programs.models import Membership, Organisation
from volunteers.models import User

from .once import Once

ADMINISTRATOR = "verwaltung@example.org"
VOLUNTEER = "mitmachen@example.org"
NAMES = {
    ADMINISTRATOR: "Petra Portalverwaltung",
    "integrationspolitik@example.org": "Ingo Integration",
    "sozialamt@example.org": "Sonja Sozialamt",
    "eva@example.org": "Eva Koordination",
    "koordination@example.org": "Frieder Freundeskreis",
    "vertretung@example.org": "Vera Vertretung",
    "sozialplanung@example.org": "Sven Sozialplanung",
    "berichtswesen@example.org": "Berta Bericht",
    VOLUNTEER: "Mira Mitmach",
}
Role = Membership.Role
STAFF, COORDINATOR = Role.STAFF, Role.COORDINATOR
MEMBERSHIPS = {
    "integrationspolitik@example.org": {"abteilung-integrationspolitik": STAFF},
    "sozialamt@example.org": {"sozialamt": STAFF},
    "eva@example.org": {"evangelische-gesellschaft-stuttgart": COORDINATOR},
    "koordination@example.org": {
        "freundeskreis-fluechtlinge-feuerbach-fff": COORDINATOR,
        "freundeskreis-fluechtlinge-stuttgart-sued": COORDINATOR,
    },
    "vertretung@example.org": {"freundeskreis-fluechtlinge-feuerbach-fff": Role.DEPUTY},
    "sozialplanung@example.org": {
        "abteilung-sozialplanung-sozialberichterstattung-und-foerderung": Role.ROOM_STAFF
    },
    "berichtswesen@example.org": {"abteilung-integrationspolitik": Role.REPORTING},
}
"""Account → organisation → role."""
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
        name=NAMES[account.email],
        is_superuser=account.email == ADMINISTRATOR,
    )
    EmailAddress.objects.update_or_create(
        user=user, email=account.email, defaults={"verified": True, "primary": True}
    )
    for slug, role in MEMBERSHIPS.get(account.email, {}).items():
        organisation = Organisation.objects.get(slug=slug)
        last_day = timezone.localdate() + datetime.timedelta(days=DEPUTY_DAYS)
        Membership.objects.get_or_create(
            user=user,
            organisation=organisation,
            defaults={"role": role, "until": last_day if role == Role.DEPUTY else None},
        )
