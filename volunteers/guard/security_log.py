"""The security log: who did what kind of thing to which record, without content."""

import datetime
import logging
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from programs.requests import AnyUser

from ..models import SecurityEvent, User

logger = logging.getLogger("portal.security")


def record(
    kind: SecurityEvent.Kind,
    *,
    by: "AnyUser | None" = None,
    about: models.Model | str | None = None,
) -> SecurityEvent:
    """Write one event. A record is stored as kind and number only („membership 17“).

    ``about`` may also be a fixed word of the portal („sign_up address“), never user input. After
    the commit the same is logged to ``portal.security`` as one line of ``key=value``, for the
    city's log collection.
    """
    user = by if isinstance(by, User) and by.pk is not None else None
    name = (
        f"{about._meta.model_name} {about.pk}" if isinstance(about, models.Model) else about or ""
    )
    event = SecurityEvent.objects.create(kind=kind, by=user, about=name)
    transaction.on_commit(partial(_log, event))
    return event


def accounts_under_attack() -> int:
    """Accounts with ``FAILED_LOGINS_TOLD`` or more failed logins within the last 24 hours."""
    kinds = (SecurityEvent.Kind.LOGIN_FAILED, SecurityEvent.Kind.SECOND_FACTOR_FAILED)
    since = timezone.now() - datetime.timedelta(days=1)
    failed = SecurityEvent.objects.filter(kind__in=kinds, at__gt=since, about__startswith="user ")
    many = failed.order_by().values("about").annotate(times=models.Count("pk"))
    return many.filter(times__gte=settings.FAILED_LOGINS_TOLD).count()


def _log(event: SecurityEvent) -> None:
    about = event.about.replace(" ", ":") or "-"
    by = f"user:{event.by_id}" if event.by_id else "-"
    logger.info("event=%s id=%s by=%s about=%s", event.kind, event.pk, by, about)
