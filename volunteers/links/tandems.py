"""Signed links about a request for a companion, and for each side of a tandem.

People keep the address of a request's page, so its token is always the same. Both sides of a tandem
share one record; each link says to which side it was mailed.
"""

import uuid

from django.conf import settings

from ..models import CheckIn, CompanionRequest, Tandem
from ..models.companions import Side
from . import applications as application_links
from . import signing

CONFIRM = "companion_request.confirm"
STATUS = "companion_request.status"
ASKER = "companion_request.asker"
ASKED = "companion_request.asked"
AGREE = "companion_request.agree"
TANDEM = "tandem.side"
CHECK_IN = "tandem.check_in"


def confirm_url(request: CompanionRequest) -> str:
    """Absolute URL that confirms ``request``; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return signing.url_of("companion_confirm", signing.sign(CONFIRM, request.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def status_token(request: CompanionRequest) -> str:
    return signing.keep(STATUS, request.public_id)


def status_path(request: CompanionRequest) -> str:
    return signing.path_of("companion_status", status_token(request))


def status_url(request: CompanionRequest) -> str:
    return signing.url_of("companion_status", status_token(request))


def read_status_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(STATUS, token))


def confirm_asker_url(request: CompanionRequest) -> str:
    """Absolute URL with which whoever asked for others confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return signing.url_of("companion_asker", signing.sign(ASKER, request.public_id))


def read_asker_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(ASKER, token)


def asked_token(request: CompanionRequest) -> str:
    """Opens how far the request is, for whoever asked for others; nothing else of it."""
    return signing.keep(ASKED, request.public_id)


def asked_path(request: CompanionRequest) -> str:
    return signing.path_of("companion_asked", asked_token(request))


def asked_url(request: CompanionRequest) -> str:
    return signing.url_of("companion_asked", asked_token(request))


def read_asked_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(ASKED, token))


def agree_url(request: CompanionRequest) -> str:
    """Where the guardian, or the grown-up it is for, says yes or no; works while the request waits for it."""
    return signing.url_of("companion_agree", signing.keep(AGREE, request.public_id))


def read_agree_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(AGREE, token))


def side_token(tandem: Tandem, side: Side) -> str:
    """Identifies one side; what that side may still answer depends on the tandem's state."""
    return signing.keep(TANDEM, f"{tandem.public_id}.{side.value}")


def read_side_token(token: str) -> tuple[uuid.UUID, Side]:
    """The tandem's public id and the side; raises ``WrongLink`` for an invalid token."""
    public_id, _, side = signing.read_kept(TANDEM, token).partition(".")
    return uuid.UUID(public_id), Side(side)


def check_in_token(check_in: CheckIn) -> str:
    return signing.keep(CHECK_IN, check_in.pk)


def read_check_in_token(token: str) -> int:
    """The primary key of the check-in; raises ``WrongLink`` for an invalid token."""
    return int(signing.read_kept(CHECK_IN, token))


def answer_path(tandem: Tandem, side: Side) -> str:
    return signing.path_of("tandem_answer", side_token(tandem, side))


def answer_url(tandem: Tandem, side: Side) -> str:
    return signing.url_of("tandem_answer", side_token(tandem, side))


def end_path(tandem: Tandem, side: Side) -> str:
    return signing.path_of("tandem_end", side_token(tandem, side))


def support_path(tandem: Tandem, side: Side) -> str:
    return signing.path_of("tandem_support", side_token(tandem, side))


def first_meeting_path(tandem: Tandem, side: Side, answer: str) -> str:
    """The page with one answer about the first meeting; „frage“ for the question that is open."""
    return signing.path_of("first_meeting", side_token(tandem, side), answer)


def first_meeting_url(tandem: Tandem, side: Side, answer: str) -> str:
    return signing.url_of("first_meeting", side_token(tandem, side), answer)


def agreement_path(tandem: Tandem, side: Side) -> str:
    return signing.path_of("agreement", side_token(tandem, side))


def agreement_url(tandem: Tandem, side: Side) -> str:
    return signing.url_of("agreement", side_token(tandem, side))


def concern_path(tandem: Tandem, side: Side) -> str:
    """„Etwas stimmt nicht“, whatever has become of the tandem."""
    return signing.path_of("tandem_concern", side_token(tandem, side))


def concern_url(tandem: Tandem, side: Side) -> str:
    return signing.url_of("tandem_concern", side_token(tandem, side))


def again_url(tandem: Tandem) -> str:
    """The page on which the volunteer says whether they are ready for another tandem."""
    return signing.url_of("tandem_again", side_token(tandem, Side.VOLUNTEER))


def together_again_path(tandem: Tandem, side: Side) -> str:
    """„Möchten Sie sich wiedersehen?“, after the end."""
    return signing.path_of("together_again", side_token(tandem, side))


def check_in_path(check_in: CheckIn, reply: str) -> str:
    return signing.path_of("check_in", check_in_token(check_in), reply)


def check_in_url(check_in: CheckIn, reply: str) -> str:
    return signing.url_of("check_in", check_in_token(check_in), reply)


def page_of(tandem: Tandem, side: Side) -> str:
    """The status page of one side."""
    if side == Side.NEWCOMER:
        return status_path(tandem.request)
    return application_links.status_path(tandem.application)


def page_url_of(tandem: Tandem, side: Side) -> str:
    return f"{settings.SITE_URL}{page_of(tandem, side)}"
