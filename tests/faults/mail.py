"""A mail server that tests may break in every way, while mails come."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mailserver import MailServer

LATER, NEVER = "later.example", "never.example"
"""Hosts whose addresses the server refuses once, for now, and those that it refuses for good."""


class BreakableMailServer(MailServer):
    def __init__(self) -> None:
        super().__init__()
        self.loses_answers = 0
        """So many mails it takes and closes the connection before it says so."""
        self._holds = False
        self._held = 0
        self._came: Counter[str] = Counter()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """It hears mails and does not answer, until the block ends."""
        self._holds = True
        try:
            yield
        finally:
            self._holds = False

    @contextmanager
    def down(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def holds_some(self) -> bool:
        return self._held > 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        host = address.rpartition("@")[2]
        self._came[address] += 1
        if host == NEVER:
            return "550 no such mailbox"
        if host == LATER and self._came[address] == 1:
            return "450 please try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self._held += 1
        try:
            while self._holds:  # noqa: ASYNC110 - the test's thread sets it
                await asyncio.sleep(0.05)
        finally:
            self._held -= 1
        answer = await super().handle_DATA(server, session, envelope)
        if self.loses_answers > 0:
            self.loses_answers -= 1
            assert server.transport
            server.transport.abort()
        return answer
