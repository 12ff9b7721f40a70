"""Signed links about one date: confirming it, the asker's page, and the page of each who was asked."""

import uuid

from ..models import DateOffer, DateRequest
from . import signing

CONFIRM = "date.confirm"
PAGE = "date.page"
OFFER = "date.offer"


def confirm_url(date: DateRequest) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return signing.url_of("date_confirm", signing.sign(CONFIRM, date.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def token(date: DateRequest) -> str:
    return signing.keep(PAGE, date.public_id)


def path(date: DateRequest) -> str:
    return signing.path_of("date", token(date))


def url(date: DateRequest) -> str:
    return signing.url_of("date", token(date))


def read_token(value: str) -> uuid.UUID:
    """The public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, value))


def offer_token(offer: DateOffer) -> str:
    return signing.keep(OFFER, offer.pk)


def offer_path(offer: DateOffer, view: str = "date_offer", *args: str) -> str:
    return signing.path_of(view, offer_token(offer), *args)


def offer_url(offer: DateOffer, view: str = "date_offer", *args: str) -> str:
    return signing.url_of(view, offer_token(offer), *args)


def read_offer_token(value: str) -> int:
    """The offer's primary key. Raises ``WrongLink`` for an invalid token."""
    return int(signing.read_kept(OFFER, value))
