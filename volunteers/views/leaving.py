"""The page behind the link that ends what a mailbox gets by mail."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from ..models.standing_orders import StandingOrder
from ..services import standing_orders

Order = TypeVar("Order", bound=StandingOrder)


def leave_by_link(
    request: HttpRequest,
    public_id: uuid.UUID,
    *,
    orders: QuerySet[Order],
    ask: Callable[[HttpRequest, Order], HttpResponse],
    left: Callable[[HttpRequest, Order], HttpResponse],
    gone: Callable[..., HttpResponse],
) -> HttpResponse:
    """A GET asks, for programs open links by themselves; a POST leaves, however often it comes (RFC 8058)."""
    found = orders.filter(public_id=public_id).first()
    if found is not None and request.method == "POST":
        standing_orders.leave(order=found)
        found = orders.filter(public_id=public_id).first()
    if found is None:
        return gone(request, status=200 if request.method == "POST" else 410)
    return left(request, found) if found.is_over else ask(request, found)
