"""Records that are confirmed by a mailed link: sign-ups, requests for a companion, registrations.

The form needs no account. The record stays unconfirmed until somebody opens the link that was
mailed to the address and confirms there (``services/confirming.py``).
"""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .reading import ReadsMixin

UNCONFIRMED = "unconfirmed"
"""The first status of each of these models."""


class ConfirmedByLink(ReadsMixin):
    """The columns that all of these models have; ``status`` and ``email`` are defined by each model."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submitted_at = models.DateTimeField(_("eingegangen"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, blank=True, editable=False)
    link_sent_at = models.DateTimeField(_("Link verschickt"), null=True, blank=True, editable=False)

    status: "models.CharField[str, str]"
    consent_purpose: str
    """What the person agrees to with the form, a ``Consent.Purpose``."""

    class Meta:
        abstract = True

    @property
    def is_unconfirmed(self) -> bool:
        return bool(self.status == UNCONFIRMED)

    @property
    def was_mailed_just_now(self) -> bool:
        """Whether it is too early for another link (``CONFIRMATION_AGAIN_MINUTES``)."""
        pause = datetime.timedelta(minutes=settings.CONFIRMATION_AGAIN_MINUTES)
        return self.link_sent_at is not None and self.link_sent_at > timezone.now() - pause


def link_is_over() -> Q:
    """Rows whose confirmation link no longer works, whether or not they are confirmed."""
    limit = timezone.now() - datetime.timedelta(days=settings.SIGN_UP_CONFIRMATION_DAYS)
    return Q(submitted_at__lt=limit)
