"""The mails about a subscription; the issues themselves are made elsewhere in this room."""

from django.conf import settings
from django.utils.translation import gettext as _

from volunteers.notifications.sending import send
from volunteers.notifications.speaking import to_person
from volunteers.periods import days

from . import links
from .models import Subscription


@to_person()
def ask_for_confirmation(subscription: Subscription) -> None:
    """To an address that anybody may have typed: nothing of what was chosen stands in it."""
    send(
        subscription.email,
        _("Bitte bestätigen: Newsletter"),
        "newsletter/confirm",
        unasked=True,
        url=links.confirm_url(subscription),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_subscribed(subscription: Subscription) -> None:
    send(
        subscription.email,
        _("Sie bekommen unseren Newsletter schon"),
        "newsletter/known",
        unasked=True,
        url=links.page_url(subscription),
    )
