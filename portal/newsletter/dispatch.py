"""Sending: the worker hands an issue to the mail server, one recipient at a time.

Each delivery is one transaction, like a mail of the outbox (``volunteers/notifications/outbox.py``): lock
the row (the claim), hand the mail over, mark the row, commit. A second worker waits at the lock and then
finds the row done. When the worker is killed, PostgreSQL drops the lock and the row waits as before: the
mail server forgets a mail that was not finished, so nobody is left out and nobody gets it twice.

One gap cannot be closed, because SMTP knows no common transaction (RFC 1047): between the mail server's
taking the last line of a mail and our commit. Killed in it, the worker leaves a row that says „waits“ for a
mail that has arrived, and the next one sends it again. That is one mail for each killing at most, the one
then in the mail server's hands, and only if the killing falls into the few milliseconds in which the server
answers and PostgreSQL writes. The second copy has the same Message-ID, so mailboxes that sort out copies
show one. The other choice, marking before sending, would lose a mail without a trace.
"""

import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from programs.history import by_portal
from volunteers.notifications.delivery import Refusal, hand_over, open_line
from volunteers.services.locks import locked
from volunteers.services.standing_orders import note_bounce, note_reached

from . import audience, issues, links
from .issue_models import DeliveryState, IssueStatus, NewsletterDelivery, NewsletterIssue
from .models import Subscription
from .rendering import Links, Rendered

RUN_SECONDS = 50.0
"""A run ends before the next one is due, so a worker that is to stop does not have to wait long."""
ON_ONE_LINE = 100
"""Mails over one connection; servers close it after some."""
IN_A_ROW = 20
"""So many refused for good one after another: the fault is not theirs, and the issue is held up."""
FIRST_WAIT = datetime.timedelta(minutes=5)
LONGEST_WAIT = datetime.timedelta(hours=4)
GIVE_UP = datetime.timedelta(hours=48)
"""So long after the beginning nobody is tried again."""


class Outcome(Enum):
    DONE = "done"
    REFUSED = "refused"
    LATER = "later"
    NO_SERVER = "no server"
    HELD_UP = "held up"


@by_portal("send_newsletter")
def send_due(*, seconds: float) -> int:
    """Begin what is due and go on with what is being sent, for about so many seconds; returns how many mails.

    It finds its work by the state of the records, so it may run at any time, twice at once and after
    any break.
    """
    end, sent = time.monotonic() + seconds, 0
    for number in NewsletterIssue.objects.due().order_by("send_at").values_list("pk", flat=True):
        issues.begin(number)
    sending = NewsletterIssue.objects.filter(status=IssueStatus.SENDING).order_by("begun_at")
    for issue in list(sending):
        sent += Run(issue, issues.rendered(issue), end).go()
        _finish(issue.pk)
    issues.count_the_last_of_stopped()
    return sent


@dataclass
class Run:
    """One issue on its way, until its time is over, nobody waits, or nothing goes on."""

    issue: NewsletterIssue
    mail: Rendered
    end: float
    sent: int = 0
    refused_in_a_row: int = 0

    def go(self) -> int:
        """A connection that served nobody is the last one for now: the server does not answer."""
        while self._has_time() and (numbers := self._next()):
            with open_line() as line:
                outcomes = list(self._over(line, numbers))
            if outcomes[-1] == Outcome.HELD_UP or set(outcomes) == {Outcome.NO_SERVER}:
                break
        return self.sent

    def _has_time(self) -> bool:
        return time.monotonic() < self.end

    def _next(self) -> list[int]:
        due = self.issue.deliveries.due().order_by("pk")
        return list(due.values_list("pk", flat=True)[:ON_ONE_LINE])

    def _over(self, line: BaseEmailBackend, numbers: list[int]) -> Iterator[Outcome]:
        for number in numbers:
            outcome = deliver(number, self.issue, self.mail, line)
            self.sent += outcome == Outcome.DONE
            self.refused_in_a_row = self.refused_in_a_row + 1 if outcome == Outcome.REFUSED else 0
            if self.refused_in_a_row >= IN_A_ROW:
                issues.hold_up(self.issue.pk)
                outcome = Outcome.HELD_UP
            yield outcome
            if outcome in {Outcome.NO_SERVER, Outcome.HELD_UP} or not self._has_time():
                return


def deliver(number: int, issue: NewsletterIssue, mail: Rendered, line: BaseEmailBackend) -> Outcome:
    """Hand over one delivery and mark it. Locks the subscription, then the delivery, as leaving does.

    Whoever has left meanwhile, or wants other topics, is skipped.
    """
    with transaction.atomic():
        waiting = NewsletterDelivery.objects.due().filter(pk=number)
        whose = waiting.values_list("subscription", flat=True).first()
        wanting = audience.still_receiving(issue, whose) if whose else Subscription.objects.none()
        subscription = locked(wanting).first()
        delivery = locked(waiting).first()
        if delivery is None:
            return Outcome.LATER
        if not NewsletterIssue.objects.filter(pk=issue.pk, status=IssueStatus.SENDING).exists():
            return Outcome.HELD_UP
        if subscription is None:
            _mark(delivery, DeliveryState.SKIPPED)
            return Outcome.LATER
        ways = Links(leave=links.leave_url(subscription), choose=links.page_url(subscription))
        message = mail.message(
            subscription.email, ways, links.headers(subscription) | headers_of(delivery)
        )
        refusal = hand_over(message, line)
        if refusal is None:
            _mark(delivery, DeliveryState.SENT)
            note_reached(subscription)
            return Outcome.DONE
        return _refused(delivery, subscription, issue, refusal)


def headers_of(delivery: NewsletterDelivery) -> dict[str, str]:
    """The Message-ID is the same at each try, so a copy can be known as one."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": f"<newsletter.{delivery.issue_id}.{delivery.pk}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }


def _refused(
    delivery: NewsletterDelivery,
    subscription: Subscription,
    issue: NewsletterIssue,
    refusal: Refusal,
) -> Outcome:
    """Note it; what is not for good is tried again later, behind the others.

    So does a mail with which the connection broke: whatever it is that the server does not bear, it
    stops nobody else.
    """
    delivery.code = refusal.code
    delivery.tries += 1
    now = timezone.now()
    if refusal.is_permanent:
        if refusal.is_of_address:
            note_bounce(subscription)
        _mark(delivery, DeliveryState.REFUSED)
        return Outcome.REFUSED
    if issue.begun_at is None or now - issue.begun_at > GIVE_UP:
        _mark(delivery, DeliveryState.REFUSED)
    else:
        delivery.try_at = now + min(FIRST_WAIT * 2 ** min(delivery.tries - 1, 10), LONGEST_WAIT)
        delivery.save(update_fields=["code", "tries", "try_at"])
    return Outcome.NO_SERVER if refusal.is_of_server else Outcome.LATER


def _mark(delivery: NewsletterDelivery, state: DeliveryState) -> None:
    delivery.state, delivery.done_at = state, timezone.now()
    delivery.save(update_fields=["state", "done_at", "code", "tries"])


def _finish(number: int) -> None:
    """The issue has been sent when nobody waits."""
    with transaction.atomic():
        issue = issues.lock_issue(number)
        if issue.status == IssueStatus.SENDING and not issue.deliveries.waiting().exists():
            issues.end(issue, IssueStatus.SENT)
