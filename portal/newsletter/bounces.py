"""Issues that come back later: the mail server had taken them and could not deliver them."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from volunteers.notifications.bounces import Bounce
from volunteers.services.locks import locked

from . import audience
from .issue_models import DeliveryState, NewsletterDelivery
from .models import Subscription

OWN_ID = re.compile(r"^<newsletter\.(\d{1,18})\.(\d{1,18})@(\S+)>$")


def note(bounce: Bounce) -> bool:
    """Mark the delivery as refused, once. Locks the subscription, then the delivery, as sending does."""
    found = OWN_ID.match(bounce.message_id)
    if found is None or found[3] != urlsplit(settings.SITE_URL).hostname:
        return False
    sent = NewsletterDelivery.objects.filter(
        pk=int(found[2]), issue=int(found[1]), state=DeliveryState.SENT
    )
    with transaction.atomic():
        whose = sent.filter(subscription__email__iexact=bounce.address).values("subscription")
        subscription = locked(Subscription.objects.filter(pk__in=whose)).first()
        delivery = locked(sent).first()
        if subscription is None or delivery is None:
            return False
        delivery.state, delivery.code = DeliveryState.REFUSED, bounce.code
        delivery.save(update_fields=["state", "code"])
        if bounce.is_of_address:
            audience.note_late_bounce(subscription)
    return True
