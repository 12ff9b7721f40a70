"""A Freundeskreis and its coordinator, who know people that share a mailbox."""

import pytest

from tests import factories


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user
