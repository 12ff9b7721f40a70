"""A test fails when it logs an unexpected error."""

import pytest
from django.conf import settings

pytest_plugins = ["pytester"]

TRIED = """
import logging
import threading
import pytest

log = logging.getLogger("portal.tried")

@pytest.fixture
def broken():
    log.error("in a fixture")

def test_silent(): pass
def test_warning(): log.warning("a warning")
def test_refused_request(): logging.getLogger("django.security.SuspiciousFileOperation").error("no")
def test_error(): log.error("an error")
def test_error_in_a_thread():
    thread = threading.Thread(target=log.error, args=["an error elsewhere"])
    thread.start()
    thread.join()
def test_exception_that_was_caught():
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("caught")
def test_error_of_a_fixture(broken): pass

@pytest.mark.logs_errors
def test_expected(): log.critical("an error")
@pytest.mark.logs_errors("an error", "another")
def test_expected_by_its_words(): log.error("this is an error")
@pytest.mark.logs_errors("something else")
def test_not_by_these_words(): log.error("this is an error")
@pytest.mark.logs_errors
def test_expected_and_silent(): log.warning("a warning")
@pytest.mark.logs_errors
def test_expected_and_failed(): raise AssertionError("the test itself")
"""


@pytest.mark.slow
def test_an_error_that_nobody_expected_fails_the_test(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    pytester.makepyfile(TRIED)
    ran = pytester.runpytest_subprocess("-p", "no:django", "-p", "tests.logged_errors")
    ran.assert_outcomes(passed=11, failed=1, errors=6)
    missed = ["error", "error_in_a_thread", "exception_that_was_caught", "error_of_a_fixture"]
    missed += ["not_by_these_words", "expected_and_silent"]
    ran.stdout.fnmatch_lines_random([f"ERROR *::test_{name}*" for name in missed])
    ran.stdout.fnmatch_lines(["FAILED *::test_expected_and_failed*"])
