import pytest

from tests import factories


@pytest.fixture
def circle():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def programme(circle):
    return factories.make_programme("WillkommensPaten", organisation=circle, expenses_a_year=50)


@pytest.fixture
def application(circle, programme):
    return factories.make_engaged(circle, "Amira Haddad", entry=programme)


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user
