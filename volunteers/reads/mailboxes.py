"""Records of a mailbox that bear no name: whoever reads the mailbox owns them, alone or with others.

Their model is in the layer above this one, so it is named here by its label.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def subscription_model() -> Any:
    """Who gets the newsletter."""
    return apps.get_model("portal", "Subscription")


def subscriptions_of(emails: Iterable[str]) -> "QuerySet[Any]":
    found: QuerySet[Any] = subscription_model()._default_manager.filter(email__in=list(emails))
    return found
