"""Offers of companies and foundations: sent by a form, answered by the clearing office."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from programs.models import Organisation
from volunteers.reads.promising import promised
from volunteers.services.locks import lock_organisation

from . import mails
from .models import CooperationOffer

SAME_OFFER = datetime.timedelta(minutes=10)
"""The same words of the same person within this time are a double click."""


def offer(*, answers: dict[str, Any]) -> CooperationOffer:
    """Store it and mail it to those who answer; a double click returns the first one.

    Locks the clearing office. Raises ``Organisation.DoesNotExist`` while there is none.
    """
    with transaction.atomic():
        office = lock_organisation(Organisation.objects.clearing_office().pk)
        since = timezone.now() - SAME_OFFER
        twin = CooperationOffer.objects.filter(**answers, submitted_at__gt=since).first()
        if twin is not None:
            return twin
        made = CooperationOffer.objects.create(
            organisation=office, answer_by=promised(office).answer_by, **answers
        )
        mails.offered(made)
    return made
