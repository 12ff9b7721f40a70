"""A mail server that does something when a certain mail comes, and issues that are on their way."""

from collections import Counter
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.models import NewsletterIssue, Subscription
from portal.newsletter import issues
from portal.newsletter.dispatch import send_due
from tests import factories
from tests.mailserver import MailServer


class WatchedServer(MailServer):
    """Calls ``at_mail[n]`` before it takes the n-th mail, ``after_mail[n]`` when it has, before it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.at_mail: dict[int, Callable[[], object]] = {}
        self.after_mail: dict[int, Callable[[], object]] = {}
        self.refuses: set[int] = set()
        """Numbers of mails that it does not take, whatever it has heard."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.begun += 1
        number = self.begun
        if number in self.at_mail:
            self.at_mail[number]()
        if number in self.refuses:
            return "451 later"
        answer = await super().handle_DATA(server, session, envelope)
        if number in self.after_mail:
            self.after_mail[number]()
        return answer

    @property
    def recipients(self) -> Counter[str]:
        return Counter(str(message["To"]) for message in self.messages)


def subscribe(count: int, **fields: object) -> list[str]:
    addresses = [f"leser{number}@example.org" for number in range(count)]
    template = factories.make_subscription("vorlage@example.org", **fields)
    names = [
        f.name
        for f in Subscription._meta.concrete_fields
        if f.name not in ("id", "email", "public_id")
    ]
    values = {name: getattr(template, name) for name in names}
    Subscription.objects.bulk_create(Subscription(email=address, **values) for address in addresses)
    template.delete()
    return addresses


def send(issue: NewsletterIssue, seconds: float = 300) -> NewsletterIssue:
    """Schedule it for now, and let the worker work."""
    issues.schedule(issue=issue, at=None, seen=issues.fingerprint(issue))
    send_due(seconds=seconds)
    issue.refresh_from_db()
    return issue
