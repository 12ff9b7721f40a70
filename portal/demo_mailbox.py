"""Reads the mails that Django's file backend writes in the demo."""

import datetime
import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"
"""What the file backend writes after each mail of a file."""
FILE_NAME = re.compile(r"\d{8}-\d{6}-\d+")


@dataclass(frozen=True)
class Mail:
    """One mail as the mailbox shows it. ``text`` is the plain-text part, or the HTML source if there is none."""

    name: str
    number: int
    subject: str
    to: str
    sent_at: datetime.datetime
    text: str
    html: str


def newest_mails(*, limit: int) -> list[Mail]:
    """The last ``limit`` mails, newest first."""
    mails: list[Mail] = []
    for path in sorted(_folder().glob("*.log"), key=_written, reverse=True):
        mails += reversed(_read(path))
        if len(mails) >= limit:
            break
    return mails[:limit]


def find_mail(*, name: str, number: int) -> Mail | None:
    """Mail ``number`` (from 0) of the file ``name``, or None."""
    path = _folder() / f"{name}.log"
    if not FILE_NAME.fullmatch(name) or not path.is_file():
        return None
    mails = _read(path)
    return mails[number] if number < len(mails) else None


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _written(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name


def _read(path: Path) -> list[Mail]:
    sent_at = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC)
    sources = [part for part in path.read_bytes().split(BETWEEN_MAILS) if part.strip()]
    return [_mail(path.stem, number, sent_at, source) for number, source in enumerate(sources)]


def _mail(name: str, number: int, sent_at: datetime.datetime, source: bytes) -> Mail:
    message = email.message_from_bytes(source, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    html = message.get_body(preferencelist=("html",))
    return Mail(
        name=name,
        number=number,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=timezone.localtime(sent_at),
        text=str(body.get_content()) if body else "",
        html=str(html.get_content()) if html else "",
    )
