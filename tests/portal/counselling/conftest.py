"""The Sozialamt, another department, and somebody in each."""

import pytest

from tests import factories


@pytest.fixture
def office():
    return factories.make_clearing_office(phone="0711 216", answer_days=5)


@pytest.fixture
def department(office):
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def omar(office):
    return factories.make_member(office, role="staff").user


@pytest.fixture
def ines(department):
    return factories.make_member(department, role="staff").user
