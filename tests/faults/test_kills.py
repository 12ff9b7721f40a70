"""Processes that are killed. The supervisor starts them again after two seconds, as systemd does."""

import signal

import pytest

from tests.faults.hitting import IN_HAND, Hit
from tests.faults.installation import Portal
from tests.faults.load import wait_until
from tests.faults.releases import SIDE_BY_SIDE
from tests.faults.table import Table

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def test_release_before_works_beside_this_one(portal: Portal, table: Table) -> None:
    """It happened when the installation was set up; the promises were required there."""
    if SIDE_BY_SIDE not in [row.name for row in table.rows]:
        pytest.skip("the release before this one is not in the history of this clone")


def test_web_process_is_killed(portal: Portal, hit: Hit) -> None:
    with hit("kill -9 of a web process"):
        portal.units["web"].children()[0].send_signal(signal.SIGKILL)


def test_web_server_is_killed(portal: Portal, hit: Hit) -> None:
    with hit("kill -9 of the web server, and of its processes"):
        portal.kill("web")


def test_workers_are_killed_in_the_middle_of_a_mail(portal: Portal, hit: Hit) -> None:
    """The mail server has heard the text and not answered: it throws the mail away, as its client is gone."""
    with hit("kill -9 of all workers in the middle of a mail") as fault, portal.mails.holding():
        fault.copies = IN_HAND
        wait_until(portal.mails.holds_some)
        portal.kill("worker 1", "worker 2")


def test_everything_is_killed_at_once(portal: Portal, hit: Hit) -> None:
    with hit("kill -9 of web server and workers at once") as fault:
        fault.copies = IN_HAND
        portal.kill("web", "worker 1", "worker 2")
