"""Signed links to an organisation: one mechanism for all that somebody of it does without an account.

Each :class:`Purpose` opens pages of its own and has its own end (:data:`ENDS`). A link
says to whom it was mailed: to a member of the organisation, or to its known address. It works as long
as that person is a member, or that address is the known one; then it opens nothing any more. So
whoever has left cannot use old mails. The token has no address in it, only a keyed hash.

A mail with such a link goes to :func:`recipients` only, never to an address that somebody just typed.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from programs.models import Membership, Organisation

from ..keyed import is_sealed, keyed
from ..models import User
from ..models.users import normalise_email
from . import signing

SALT = "volunteers.organisation"
LETTERS = 32
"""So many of the keyed hash are in a token."""


class Purpose(StrEnum):
    """What a link may do; also its salt."""

    LOOK = "organisation.look"
    CONFIRM = "organisation.confirm"
    CHANGE = "organisation.change"
    INVITE = "organisation.invite"
    AGREE = "organisation.agree"
    ANSWER = "organisation.answer"
    VOUCH = "organisation.vouch"
    COUNT = "organisation.count"


PAGES = {
    Purpose.LOOK: "portal:our_entries",
    Purpose.CONFIRM: "portal:entries_confirm",
    Purpose.CHANGE: "portal:entries_change",
    Purpose.INVITE: "portal:entry_invited",
    Purpose.AGREE: "volunteers:agree_to_answer",
    Purpose.ANSWER: "volunteers:sign_ups",
    Purpose.VOUCH: "volunteers:access_vouch",
    Purpose.COUNT: "portal:survey_answer",
}
"""The page that a link of each purpose opens first."""
ENDS = {
    Purpose.LOOK: "ENTRY_LOOK_DAYS",
    Purpose.CONFIRM: "ENTRY_CONFIRM_DAYS",
    Purpose.CHANGE: "ENTRY_CHANGE_DAYS",
    Purpose.INVITE: "MAILED_LINK_DAYS",
    Purpose.AGREE: "MAILED_LINK_DAYS",
    Purpose.ANSWER: "SIGN_UP_ANSWER_DAYS",
    Purpose.VOUCH: "MAILED_LINK_DAYS",
    Purpose.COUNT: "SURVEY_LINK_DAYS",
}
"""The setting with the days for which a link works."""


@dataclass(frozen=True)
class Recipient:
    """To whom a link is mailed; without ``user`` it is the organisation's known address."""

    address: str
    user: User | None = None


@dataclass(frozen=True)
class Holder:
    """Who opens a link, for which organisation, and when it was mailed."""

    organisation: Organisation
    recipient: Recipient
    mailed_at: datetime.datetime

    @property
    def user(self) -> User | None:
        return self.recipient.user


def recipients(organisation: Organisation) -> list[Recipient]:
    """Those who answer for the organisation in the portal; if there are none, its known address."""
    present = Membership.objects.present().filter(organisation=organisation)
    members = present.select_related("user").order_by("user__email")
    found = [Recipient(one.user.email, one.user) for one in members]
    known = [Recipient(organisation.contact_email)] if organisation.contact_email else []
    return found or known


def token(
    purpose: Purpose,
    organisation: Organisation,
    recipient: Recipient,
    mailed_at: datetime.datetime | None = None,
) -> str:
    """For a mail now, or for a page that goes on from a link of ``mailed_at``."""
    second = int((mailed_at or timezone.now()).timestamp())
    number = recipient.user.pk if recipient.user else 0
    seal = keyed(SALT, _sealed(organisation.pk, recipient))[:LETTERS]
    return signing.sign(purpose.value, f"{organisation.pk}.{number}.{second}.{seal}")


def url(purpose: Purpose, organisation: Organisation, recipient: Recipient) -> str:
    """Absolute URL for a mail to ``recipient``."""
    return f"{settings.SITE_URL}{reverse(PAGES[purpose], args=[token(purpose, organisation, recipient)])}"


def token_from(holder: Holder, purpose: Purpose) -> str:
    """For another page for the same person; it ends when a link in the same mail would."""
    return token(purpose, holder.organisation, holder.recipient, holder.mailed_at)


def read(purpose: Purpose, value: str) -> Holder:
    """Raises ``WrongLink`` for any other token, ``LinkExpired`` when it has ended."""
    number, user, second, seal = signing.read(purpose.value, value).split(".")
    mailed_at = datetime.datetime.fromtimestamp(int(second), datetime.UTC)
    try:
        organisation = _organisation(int(number))
        recipient = _recipient(organisation, int(user))
        if not is_sealed(SALT, _sealed(int(number), recipient), seal, letters=LETTERS):
            raise signing.LinkExpired
        _require_in_time(purpose, mailed_at)
    except signing.LinkExpired as over:
        over.renew_url = reverse("portal:entries_new_link", args=[purpose.name.lower(), value])
        raise
    return Holder(organisation, recipient, mailed_at)


def organisation_of(purpose: Purpose, value: str) -> Organisation:
    """Of a link that may have ended; use it only to mail a new one to :func:`recipients`."""
    number, *_rest = signing.read(purpose.value, value).split(".")
    return _organisation(int(number))


def days(purpose: Purpose) -> int:
    return int(getattr(settings, ENDS[purpose]))


def _require_in_time(purpose: Purpose, mailed_at: datetime.datetime) -> None:
    if timezone.now() > mailed_at + datetime.timedelta(days=days(purpose)):
        raise signing.LinkExpired


def _organisation(number: int) -> Organisation:
    """The organisation, or the one that it was merged into."""
    found = Organisation.objects.current(number)
    if found is None:
        raise signing.LinkExpired
    return found


def _recipient(organisation: Organisation, number: int) -> Recipient:
    """To whom it was mailed, if they still act for the organisation."""
    if not number:
        return Recipient(organisation.contact_email)
    present = Membership.objects.present().filter(organisation=organisation, user=number)
    member = present.select_related("user").first()
    if member is None:
        raise signing.LinkExpired
    return Recipient(member.user.email, member.user)


def _sealed(number: int, recipient: Recipient) -> str:
    """Changes with the address, so that a link to a former one opens nothing."""
    return f"{number} {normalise_email(recipient.address)}"
