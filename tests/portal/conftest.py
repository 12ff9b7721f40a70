"""Fixtures of tests that look at pages which are made anew every minute."""

from collections.abc import Iterator

import pytest
import time_machine

NOON = "2026-06-10T12:00:00+02:00"


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands still, so that no minute begins while a test looks at kept pages or counts queries."""
    with time_machine.travel(NOON, tick=False):
        yield
