"""Which websites to ask, and what is kept of their answers."""

import datetime
import logging
from collections.abc import Callable, Collection, Iterable

from django.utils import timezone

from programs.models import Entry

from .asking import Answer, ask
from .models import LinkCheck

logger = logging.getLogger(__name__)

EVERY = datetime.timedelta(days=7)
AT_ONCE = 300
"""Websites that one run asks, one after another. With the longest waits that is a night."""

FEW, CUT_OFF = 5, 0.8
"""Of at least so many websites, more than this part silent: the fault is here."""


def check_due(asking: Callable[[str], Answer] = ask) -> int:
    """Ask those that nobody has asked for a week, the longest unasked first; returns how many.

    Forgets those that no entry names any more. One request at a time, so no host gets two. When hardly
    any answers, the portal itself is cut off: then nothing is kept.
    """
    named = set(_named())
    LinkCheck.objects.exclude(url__in=named).delete()
    answers = {url: asking(url) for url in _due(named)}
    if _is_cut_off(answers.values()):
        logger.warning("Hardly any website answers: the portal cannot reach the internet.")
        return 0
    for url, answer in answers.items():
        keep(url, answer)
    return len(answers)


def _is_cut_off(answers: Collection[Answer]) -> bool:
    silent = sum(answer.outcome == LinkCheck.Outcome.SILENT for answer in answers)
    return len(answers) >= FEW and silent > len(answers) * CUT_OFF


def _named() -> Iterable[str]:
    shown = Entry.objects.published().exclude(website="").exclude(status=Entry.Status.ENDED)
    return shown.values_list("website", flat=True)


def _due(named: set[str]) -> list[str]:
    checked = dict(LinkCheck.objects.values_list("url", "checked_at"))
    limit = timezone.now() - EVERY
    due = [url for url in named if url not in checked or checked[url] <= limit]
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(due, key=lambda url: (checked.get(url, never), url))[:AT_ONCE]


def keep(url: str, answer: Answer) -> None:
    """Store the answer; the day on which it began to fail stays until it answers again."""
    before = LinkCheck.objects.filter(url=url).values_list("failing_since", flat=True).first()
    fails = answer.outcome not in {LinkCheck.Outcome.FINE, LinkCheck.Outcome.SHY}
    LinkCheck.objects.update_or_create(
        url=url,
        defaults={
            "outcome": answer.outcome,
            "code": answer.code,
            "checked_at": timezone.now(),
            "failing_since": (before or timezone.localdate()) if fails else None,
        },
    )
