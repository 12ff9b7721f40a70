"""Two at once, on two real connections."""

import pytest
from django.core import mail

from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.models import DateOffer, DateRequest
from volunteers.services import date_offers, date_waves
from volunteers.services.date_offers import SomebodyElseComes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_accept_one_date_and_one_comes():
    circle = factories.make_circle()
    for number in range(5):
        date = factories.make_date(f"Samira {number}")
        offers = [
            factories.make_date_offer(date, factories.make_single(circle, f"Ida {number}{side}"))
            for side in "ab"
        ]
        results = at_once(*(lambda one=one: date_offers.accept(offer=one) for one in offers))
        refused = [one for one in results if isinstance(one, SomebodyElseComes)]
        assert len(refused) == 1
        date.refresh_from_db()
        assert date.companion in {one.volunteer for one in offers}
    assert DateRequest.objects.filter(status="taken").count() == 5
    assert len(mail.outbox) == 10


def test_two_workers_send_one_wave(settings):
    settings.DATE_BY_DAY = (0, 24)
    circle = factories.make_circle()
    for number in range(12):
        factories.make_single(circle, f"Ida {number}")
    for number in range(3):
        factories.make_date(f"Samira {number}")
    at_once(date_waves.send_waves, date_waves.send_waves)
    assert DateOffer.objects.count() == 15
    assert len(mail.outbox) == 15
