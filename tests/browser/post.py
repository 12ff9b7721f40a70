"""Mails as the people of a journey get them."""

import re
from collections.abc import Callable
from email.message import EmailMessage

from tests.mailserver import MailServer, text_of

RunJobs = Callable[[], None]


class Post:
    """The mail server, once the worker has sent everything; with the newest mail to an address, and its links."""

    def __init__(self, server: MailServer, run_jobs: RunJobs) -> None:
        self.server, self.run_jobs = server, run_jobs

    def newest(self, to: str) -> EmailMessage:
        self.run_jobs()
        return [mail for mail in self.server.messages if mail["To"] == to][-1]

    def links(self, to: str) -> list[str]:
        return re.findall(r"https?://\S+", text_of(self.newest(to)))

    def link_below(self, to: str, line: str) -> str:
        """The link below ``line`` in the newest mail."""
        text = text_of(self.newest(to))
        found = re.search(rf"{re.escape(line)}\r?\n(\S+)", text)
        assert found, text
        return found[1]
