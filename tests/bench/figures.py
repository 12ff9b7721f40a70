"""Five years of published figures and a million visit counts, for the report pages."""

import datetime
import random
import time
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.figures import recording
from portal.figures.guarding import MONTH, YEAR
from portal.figures.hiding import shown
from portal.figures.measures import MEASURES, Counts, Measure, Split
from portal.figures.models import Figure
from portal.figures.months import last_day, next_first
from portal.figures.splitting import Cell
from programs.models import Organisation
from volunteers.models import User
from welcome_rooms.models import RoomOffer, VisitCount, WelcomeRoom

FIRST, LAST = datetime.date(2021, 1, 31), datetime.date(2025, 12, 31)
ROWS = {
    Split.TOTAL: 1,
    Split.ORGANISATION: 60,
    Split.PROGRAMME: 30,
    Split.DISTRICT: 24,
    Split.FIELD: 15,
    Split.REASON: 7,
}
ROOMS, OFFERS = 20, 27
"""Each offer has a count for each day of five years: about a million."""


def add_figures() -> int:
    """Every figure of every month with all rows; returns how many values."""
    rng, stand = random.Random(5), FIRST
    while stand <= LAST:
        for measure in MEASURES.values():
            recording.append(_figures(measure, stand, MONTH, rng))
            if measure.adds_up and stand.month == recording.DECEMBER:
                recording.append(_figures(measure, stand, YEAR, rng))
        stand = last_day(next_first(stand))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE portal_figure")
    return Figure.objects.count()


def _figures(
    measure: Measure, stand: datetime.date, period: str, rng: random.Random
) -> Iterator[Figure]:
    for split in (Split.TOTAL, *measure.splits):
        for row in range(ROWS[split]):
            number = rng.randrange(200)
            people = None if measure.counts is Counts.THINGS else number
            cell = Cell(f"{split} {row}", Decimal(number), people)
            yield Figure(
                measure=measure.slug,
                period=period,
                stand=stand,
                split=str(split),
                row="" if split == Split.TOTAL else str(row),
                label=cell.label,
                value=cell.value,
                people=cell.people,
                source=recording.source(),
                **recording.bounds(shown(measure, cell)),
            )


def add_visits() -> int:
    """One count for each offer and day; returns how many."""
    owner = Organisation.objects.clearing_office()
    for room_number in range(ROOMS):
        room = WelcomeRoom.objects.create(
            title=f"Raum {room_number}", slug=f"bench-room-{room_number}", organisation=owner
        )
        for offer in range(OFFERS):
            RoomOffer.objects.create(room=room, title=f"Angebot {offer}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without a history of each
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            "INSERT INTO welcome_rooms_visitcount (room_id, offer_id, day, number, is_estimate)"
            " SELECT room_id, id, day::date, 12, false FROM welcome_rooms_roomoffer,"
            " generate_series(%s, %s, interval '1 day') AS day",
            [FIRST.replace(day=1), LAST],
        )
        cursor.execute("ANALYZE welcome_rooms_visitcount")
    return VisitCount.objects.count()


def seconds_of(user: User) -> Iterator[tuple[str, float]]:
    """For each split: how long the page with all figures over the five years takes, the best of three."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for split in (Split.ORGANISATION, Split.PROGRAMME, Split.DISTRICT, Split.FIELD):
        query = {"groesse": list(MEASURES), "von": "2021-01", "bis": "2025-12", "nach": str(split)}
        times = []
        for _time in range(3):
            start = time.perf_counter()
            response = client.get(reverse("admin:reports", query=query))
            times.append(time.perf_counter() - start)
            if response.status_code != 200 or b"report-line" not in response.content:
                raise RuntimeError(f"The report answered {response.status_code}.")
        yield str(split), min(times)
