"""The mail server is down, slow, picky, or falls silent in the middle.

What holds: every mail is taken **at least once**. Exactly once would need a mail server that takes part
in the portal's transaction, and SMTP has none: when the server has taken a mail and its answer is lost,
nobody can know, and the mail goes again. Both copies have the same Message-ID, by which mail programs
and servers recognise the second one. In every other case it is exactly once.
"""

import time

import pytest

from tests.faults.clients import sign_up
from tests.faults.hitting import Hit
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until
from tests.faults.mail import LATER, NEVER

pytestmark = [pytest.mark.faults, pytest.mark.slow]

DOWN_SECONDS = 12
SLOW_SECONDS = 2
LOST = 3


def test_mail_server_is_down(portal: Portal, hit: Hit) -> None:
    with hit(f"mail server down for {DOWN_SECONDS} s"), portal.mails.down():
        time.sleep(DOWN_SECONDS)


def test_mail_server_is_slow(portal: Portal, hit: Hit) -> None:
    with hit(f"mail server needs {SLOW_SECONDS} s for each mail"):
        portal.mails.seconds_to_accept = SLOW_SECONDS
        time.sleep(8)
        portal.mails.seconds_to_accept = 0


def test_mail_server_closes_before_it_has_taken_the_mail(portal: Portal, hit: Hit) -> None:
    with hit("mail server closes in the middle of mails"):
        portal.mails.breaks_off = True
        time.sleep(6)
        portal.mails.breaks_off = False


def test_mail_server_closes_when_it_has_taken_the_mail(portal: Portal, hit: Hit) -> None:
    with hit(f"answer of the mail server lost for {LOST} mails") as fault:
        fault.copies = LOST
        portal.mails.loses_answers = LOST
        wait_until(lambda: portal.mails.loses_answers == 0)


def test_mail_server_refuses_some_addresses(portal: Portal, load: Load, hit: Hit) -> None:
    """For now: the mail comes later. For good: it is given up, and the portal knows; others wait for neither."""
    with hit("mail server refuses some addresses, for now or for good"):
        client = load.client()
        later = [sign_up(client, portal.sign_up_path, LATER) for _ in range(3)]
        never = [sign_up(client, portal.sign_up_path, NEVER) for _ in range(3)]
        assert all((*later, *never))
        load.books.without_mail |= {str(email) for email in never}
    with portal.connect() as database:
        query = (
            "SELECT count(*) FROM volunteers_outgoingmail WHERE failed_at IS NOT NULL"
            " AND refused_with = 550 AND recipients && %s"
        )
        assert database.execute(query, [never]).fetchone() == (3,)
