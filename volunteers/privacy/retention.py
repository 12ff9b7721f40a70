"""Deleting on time (Art. 5 Abs. 1 lit. e GDPR): the rules, and the job that runs them every night.

Each rule finds its records by their present state and handles them in small transactions, with
locks and a second check. So the job may run at any time, twice at once and after any break. A
concurrent change comes either before or after. The rules stand in ``rules.py``.
"""

import logging
from dataclasses import dataclass

from django.db import transaction

from programs.history import by_portal

from ..models import RetentionRun
from .rules import RULES, Rule

logger = logging.getLogger(__name__)

ALL = "run"
"""Key in the report for a complete run, with the sum of all rules."""


@dataclass(frozen=True)
class Outcome:
    """The result of one rule; ``count`` is None when it failed (the server's log has the reason)."""

    rule: Rule
    count: int | None


@by_portal("retention")
def run() -> list[Outcome]:
    """Run all rules. An exception does not stop the others, and the rule runs again tomorrow.

    Writes a row of the report for each rule that did something, and one for the run.
    """
    outcomes = [Outcome(rule, _run(rule)) for rule in RULES]
    total = sum(one.count or 0 for one in outcomes if not one.rule.asks)
    RetentionRun.objects.create(rule=ALL, deleted=total)
    return outcomes


def _run(rule: Rule) -> int | None:
    try:
        count = rule.run()
        if count:
            RetentionRun.objects.create(rule=rule.key, deleted=count)
    except Exception:
        logger.exception("Retention %s failed", rule.key)
        return None
    return count


def rehearse() -> list[Outcome]:
    """What :func:`run` would do now, found by doing it and rolling back.

    So the numbers are right even when one rule makes records due for the next. No mail is sent,
    because the outbox is rolled back, too. The records stay locked until the end.
    """
    with transaction.atomic():
        outcomes = run()
        transaction.set_rollback(True)
    return outcomes
