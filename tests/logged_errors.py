"""A test that logs an error fails, unless it is marked ``logs_errors("words of it")``; then it has to log one."""

import logging
from collections.abc import Generator, Iterator

import pytest

PASSED = pytest.StashKey[bool]()
REFUSED = "django.security."
"""Django logs every refused request as an error; the tests check the response instead."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixture whether the test itself has passed."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(autouse=True)
def _no_unexpected_errors(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    yield
    logged = [
        record
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.ERROR and not record.name.startswith(REFUSED)
    ]
    marker = request.node.get_closest_marker("logs_errors")
    unexpected = [one for one in logged if not marker or not _is_expected(one, marker)]
    if unexpected:
        one = unexpected[0]
        pytest.fail(f"Logged, and nobody expected it: {one.name}: {one.getMessage()}")
    if marker and not logged and request.node.stash.get(PASSED, False):
        pytest.fail("No error was logged, although the test says that it logs one.")


def _is_expected(record: logging.LogRecord, marker: pytest.Mark) -> bool:
    """The words of the marker name the errors that are expected; without words all are."""
    return not marker.args or any(words in record.getMessage() for words in marker.args)
