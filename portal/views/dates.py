"""The board of open dates: for what somebody is wanted once, without anything about the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from volunteers.models import DateRequest
from volunteers.notifications.dates import when

SHOWN = 100
"""Rows on the page; those that are soonest."""


def board(request: HttpRequest) -> HttpResponse:
    open_ones = DateRequest.objects.filter(
        status=DateRequest.Status.OPEN, starts_at__gt=timezone.now()
    ).select_related("district")
    columns = (
        "public_id",
        "kind",
        "topic",
        "language",
        "to_language",
        "starts_at",
        "minutes",
        "status",
    )
    dates = list(open_ones.only(*columns, "district")[:SHOWN])
    rows = [(date, when(date)) for date in dates]
    return render(request, "portal/dates.html", {"rows": rows})
