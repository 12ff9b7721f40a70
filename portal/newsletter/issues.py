"""What staff do with an issue: look at it, schedule it, and hold it up. The worker sends it (``dispatch.py``)."""

import datetime
import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from volunteers.errors import DomainError
from volunteers.services.locks import lock_one

from . import audience
from .content import assemble, blocks_of, content_of
from .issue_models import (
    ALIVE,
    DeliveryState,
    IssueStatus,
    NewsletterBlock,
    NewsletterIssue,
)
from .rendering import LARGEST, Links, Rendered, render

FARTHEST = datetime.timedelta(days=366)


def lock_issue(number: int) -> NewsletterIssue:
    """Before its subscriptions and deliveries."""
    return lock_one(NewsletterIssue.objects.all(), number)


def fingerprint(issue: NewsletterIssue) -> str:
    """Changes with everything that the mail says."""
    said = json.dumps(content_of(issue).as_json(), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def rendered(issue: NewsletterIssue) -> Rendered:
    return render(content_of(issue), web_url=settings.SITE_URL + issue.get_absolute_url())


def problem_of(issue: NewsletterIssue) -> str:
    """Why it cannot be sent as it is; empty if it can."""
    if not content_of(issue).parts:
        return _("In der Ausgabe steht noch nichts, was verschickt werden kann.")
    size = rendered(issue).size()
    if size > LARGEST:
        text = _("Die Mail ist zu groß: %(size)d kB, erlaubt sind %(most)d kB. Bitte kürzen Sie.")
        return text % {"size": -(-size // 1000), "most": LARGEST // 1000}
    return ""


def send_test(*, issue: NewsletterIssue, to: str) -> None:
    """The mail as it is now, through the outbox, to somebody of the office; its ways out lead to the public page."""
    if problem := problem_of(issue):
        raise DomainError(problem)
    page = settings.SITE_URL + audience.start_page()
    with transaction.atomic():
        message = rendered(issue).message(to, Links(leave=page, choose=page))
        message.subject = _("Test: %(title)s") % {"title": issue.title}
        message.send()
        NewsletterIssue.objects.filter(pk=issue.pk).update(tested=fingerprint(issue))


def schedule(*, issue: NewsletterIssue, at: datetime.datetime | None, seen: str) -> NewsletterIssue:
    """Send it ``at`` that moment, or as soon as possible. ``seen`` is the fingerprint of what the page showed."""
    now = timezone.now()
    if at is not None and at <= now:
        raise DomainError(_("Dieser Zeitpunkt ist schon vorbei."))
    if at is not None and at > now + FARTHEST:
        raise DomainError(_("Bitte wählen Sie einen Zeitpunkt in den nächsten zwölf Monaten."))
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        _require(issue, IssueStatus.DRAFT)
        if seen != fingerprint(issue):
            raise DomainError(
                _("Die Ausgabe hat sich inzwischen geändert. Bitte sehen Sie sie noch einmal an.")
            )
        if problem := problem_of(issue):
            raise DomainError(problem)
        return _move(issue, IssueStatus.SCHEDULED, send_at=at or now)


def take_back(*, issue: NewsletterIssue) -> NewsletterIssue:
    """A scheduled one is a draft again."""
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        _require(issue, IssueStatus.SCHEDULED)
        return _move(issue, IssueStatus.DRAFT, send_at=None)


def pause(*, issue: NewsletterIssue) -> NewsletterIssue:
    """Nobody gets it from now on, but for the one mail that the mail server is taking at this moment."""
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        _require(issue, IssueStatus.SENDING)
        return _move(issue, IssueStatus.PAUSED)


def hold_up(number: int) -> None:
    """The worker pauses it because the mail server refuses everything; ``note`` tells the office."""
    with transaction.atomic():
        issue = lock_issue(number)
        if issue.status == IssueStatus.SENDING:
            why = _(
                "Der Mailserver hat viele Mails hintereinander abgewiesen. Bitte fragen Sie, wer ihn betreut, "
                "und versenden Sie dann weiter."
            )
            _move(issue, IssueStatus.PAUSED, note=why)


def go_on(*, issue: NewsletterIssue) -> NewsletterIssue:
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        _require(issue, IssueStatus.PAUSED)
        return _move(issue, IssueStatus.SENDING)


def stop(*, issue: NewsletterIssue) -> NewsletterIssue:
    """For good: whoever has not got it does not get it."""
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        _require(issue, *ALIVE)
        return end(issue, IssueStatus.STOPPED)


def show_on_web(*, issue: NewsletterIssue, show: bool) -> None:
    """Whether the page of an issue that was sent is there for everybody."""
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        if not issue.has_begun:
            raise DomainError(_("Diese Ausgabe hat noch keine Seite."))
        issue.is_public = show
        issue.save(update_fields=["is_public", "updated_at"])


def copy_issue(*, issue: NewsletterIssue) -> NewsletterIssue:
    """A new draft with the same parts, for another topic or language."""
    with transaction.atomic():
        draft = NewsletterIssue.objects.create(
            title=issue.title, summary=issue.summary, topics=issue.topics, language=issue.language
        )
        names = ("position", "title", "text", "link", "entry", "event")
        NewsletterBlock.objects.bulk_create(
            NewsletterBlock(issue=draft, **{name: getattr(block, name) for name in names})
            for block in blocks_of(issue)
        )
    return draft


def begin(number: int) -> bool:
    """Keep what it says, and note everybody who gets it; whether it has begun. For the worker.

    One transaction under the lock of the issue: two workers begin once, a killed one has not begun.
    What cannot be sent any more is a draft again, and ``note`` tells the office.
    """
    with transaction.atomic():
        issue = lock_issue(number)
        if not NewsletterIssue.objects.due().filter(pk=number).exists():
            return False
        if problem := problem_of(issue):
            _move(issue, IssueStatus.DRAFT, send_at=None, note=problem)
            return False
        blocks = blocks_of(issue)
        count = audience.note_recipients(issue, blocks)
        _move(
            issue,
            IssueStatus.SENDING,
            content=assemble(issue, blocks).as_json(),
            begun_at=timezone.now(),
            recipients=count,
        )
    return True


def end(issue: NewsletterIssue, status: IssueStatus) -> NewsletterIssue:
    """The issue is locked. Its numbers stay when the deliveries are deleted."""
    return _move(issue, status, ended_at=timezone.now(), **_numbers(issue))


def count_the_last_of_stopped() -> None:
    """One mail may have been in the mail server's hands when somebody stopped the issue."""
    lately = timezone.now() - datetime.timedelta(hours=1)
    stopped = NewsletterIssue.objects.filter(status=IssueStatus.STOPPED, ended_at__gte=lately)
    for issue in stopped.order_by("pk"):
        numbers = _numbers(issue)
        if any(getattr(issue, name) != number for name, number in numbers.items()):
            NewsletterIssue.objects.filter(pk=issue.pk).update(**numbers)


def _numbers(issue: NewsletterIssue) -> dict[str, int]:
    numbers = issue.deliveries.numbers()
    return {
        "delivered": numbers[DeliveryState.SENT],
        "refused": numbers[DeliveryState.REFUSED],
    }


def _require(issue: NewsletterIssue, *allowed: IssueStatus) -> None:
    if issue.status not in allowed:
        text = _("Das geht nicht mehr. Stand der Ausgabe: %(status)s.")
        raise DomainError(text % {"status": issue.get_status_display()})


def _move(issue: NewsletterIssue, status: IssueStatus, **columns: Any) -> NewsletterIssue:
    changed = {"note": "", **columns, "status": status}
    for name, value in changed.items():
        setattr(issue, name, value)
    issue.save(update_fields=[*changed, "updated_at"])
    return issue
