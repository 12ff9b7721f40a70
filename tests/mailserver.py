"""A mail server that stores what it receives."""

import asyncio
import secrets
import socket
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail that also has HTML."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def free_port() -> int:
    """A free TCP port of 127.0.0.1.

    It is below the range of ephemeral ports, so that no connection of another test takes it while
    the server is stopped.
    """
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class MailServer:
    """SMTP on a free port of 127.0.0.1; may be stopped and started again on the same port."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.seconds_to_accept = 0.0
        self.answers: dict[str, str] = {}
        """What the server says to a recipient in place of „250 OK“."""
        self.answer_to_text = "250 OK"
        self.hangs_at: set[str] = set()
        """Recipients whose mail it takes for ever to accept."""
        self.breaks_off = False
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on; idempotent."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.seconds_to_accept)
        if self.hangs_at & set(envelope.rcpt_tos):
            await asyncio.sleep(3600)
        if self.breaks_off:
            assert server.transport
            server.transport.abort()
        if self.breaks_off or self.answer_to_text != "250 OK":
            return self.answer_to_text
        content = cast(bytes, envelope.content)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"
