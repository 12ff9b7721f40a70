"""A fuzzer reads the description of the interface and asks what it allows, and what it does not."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from portal.open_data.lists import LISTS
from programs.models import Entry
from tests.factories import make_event, make_target_group
from tests.portal.test_public_pages import small_city
from welcome_rooms.models import OpeningHours, RoomOffer, WelcomeRoom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EXAMPLES = 8
"""Requests of each kind for each operation."""


@pytest.fixture
def described():
    small_city()
    make_target_group()
    make_event(online_url="https://example.org/raum", is_cancelled=True)
    room = WelcomeRoom.objects.get()
    OpeningHours.objects.create(room=room, weekday=0, opens="09:00", closes="12:30")
    RoomOffer.objects.create(room=room, title="Sprachcafé", weekday=2, starts="17:00")
    Entry.objects.update(languages=["de", "ar"], weekdays=[0, 6], dayparts=["evening"])
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def operations(described):
    return [found.ok() for found in described.get_all_operations()]


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_answer_is_as_described(described, mode):
    asked = []
    for operation in operations(described):
        if mode == GenerationMode.NEGATIVE and not list(operation.iter_parameters()):
            continue  # nothing about it can be wrong

        @settings(
            max_examples=EXAMPLES,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def fuzz(case):
            response = case.call(headers={"Accept-Encoding": "identity"})
            asked.append((case.operation.label, response.status_code))
            case.validate_response(response)

        fuzz()
    assert len({label for label, _status in asked}) >= 2 * len(LISTS)
    statuses = {status for _label, status in asked}
    assert (400 if mode == GenerationMode.NEGATIVE else 200) in statuses


def test_every_list_has_records_to_look_at(described):
    for one in LISTS.values():
        assert one.rows().exists(), one.name
