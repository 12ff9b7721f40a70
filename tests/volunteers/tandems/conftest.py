"""A running tandem with a coordinator, for the tests of its weeks."""

import pytest

from tests import factories
from volunteers.models.companions import Side
from volunteers.services import tandems


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle(department=office)


@pytest.fixture
def programme(circle):
    return factories.make_programme(organisation=circle, makes_tandems=True)


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user


@pytest.fixture
def request_(circle, programme):
    return factories.make_request(organisation=circle, programme=programme, phone="0711 555")


@pytest.fixture
def application(circle):
    return factories.make_ready(circle, phone="0711 222")


@pytest.fixture
def running(request_, application, coordinator, mailoutbox):
    """Begun today; everything that was mailed until now is gone."""
    tandem = tandems.propose(request=request_, application=application, by=coordinator)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    mailoutbox.clear()
    return tandem
