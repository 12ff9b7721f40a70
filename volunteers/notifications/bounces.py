"""Mails that come back: what a mail server says later about a mail that it had taken (RFC 3464).

Anybody can send such a report, so it counts only for a mail that the portal has sent: the report returns
the head of that mail, and the Message-ID in it was told to nobody but the recipient. Nothing that
a report says is stored but a code.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from django.db.models import F, Func, IntegerField, Value
from django.utils import timezone

from ..models import OutgoingMail

LARGEST = 2_000_000
"""Bytes of a report that are read; the head of the returned mail comes long before."""
MOST_RECIPIENTS = 50
MESSAGE_ID = re.compile(r"<[^<>\s]{3,240}>")
STATUS = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})")
OF_ADDRESS = {"1": None, "2": {"0", "1"}}
"""Subject of a status → details: the address is wrong, or its mailbox is closed (RFC 3463, 3.2 and 3.3)."""
REFUSED = 550
"""What the mail server would have answered at once."""


@dataclass(frozen=True)
class Bounce:
    """One address for which a mail has failed for good."""

    address: str
    message_id: str
    is_of_address: bool
    """The address takes no mail; else it is the mail, or a full mailbox."""

    @property
    def code(self) -> int | None:
        return REFUSED if self.is_of_address else None


def read(report: bytes) -> list[Bounce]:
    """What the report says has failed for good; nothing for any other mail, however it is made."""
    message = email.message_from_bytes(report[:LARGEST], policy=email.policy.compat32)
    if not message.is_multipart() or message.get_content_subtype() != "report":
        return []
    parts = list(message.walk())
    identity = next(filter(None, (_message_id(part) for part in parts[1:])), "")
    if not identity:
        return []
    found = [bounce for part in parts for bounce in _failed(part, identity)]
    return found[:MOST_RECIPIENTS]


def _message_id(part: Message) -> str:
    """Of the returned mail, whole or only its head."""
    kind = part.get_content_type()
    head: object = None
    if kind == "message/rfc822" and isinstance(payload := part.get_payload(), list) and payload:
        head = payload[0]
    elif kind == "text/rfc822-headers" and isinstance(raw := part.get_payload(decode=True), bytes):
        head = email.message_from_bytes(raw)
    if not isinstance(head, Message):
        return ""
    found = MESSAGE_ID.search(str(head.get("Message-ID", "")))
    return found[0] if found else ""


def _failed(part: Message, identity: str) -> Iterator[Bounce]:
    if part.get_content_type() != "message/delivery-status":
        return
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        status = STATUS.match(str(block.get("Status", "")))
        is_final = str(block.get("Action", "")).strip().lower() == "failed"
        if status is None or not is_final or status[1] != "5":
            continue
        details = OF_ADDRESS.get(status[2], set())
        yield Bounce(_address(block), identity, details is None or status[3] in details)


def _address(block: Message) -> str:
    """To whom it was sent: before any forwarding, if the server says so."""
    said = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
    return said.rpartition(";")[2].strip().strip("<>")


def note(bounce: Bounce) -> bool:
    """Give up the mail that the portal had sent to this address, as if it had been refused at once."""
    named = Func(
        Value(bounce.message_id.encode()),
        F("content"),
        function="position",
        arg_joiner=" IN ",
        output_field=IntegerField(),
    )
    sent = OutgoingMail.objects.filter(
        sent_at__isnull=False,
        failed_at__isnull=True,
        recipients__overlap=[bounce.address, bounce.address.lower()],
    )
    noted = (
        sent.alias(named=named)
        .filter(named__gt=0)
        .update(sent_at=None, failed_at=timezone.now(), refused_with=bounce.code)
    )
    return noted > 0
