"""Counts the words that nobody found; see ``MissedWord``."""

import datetime
from collections.abc import Iterable
from contextlib import suppress

from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import MissedWord

MOST = 5000
"""So many words are counted at a time; further ones are not noted until old ones have been deleted."""
MOST_AT_ONCE = 3
KEEP_DAYS = 180
"""A word that nobody has looked for since is deleted."""

COUNT = """
    INSERT INTO portal_missedword AS kept (digest, word, last_day)
    SELECT %(digest)s, '', %(today)s
    WHERE (SELECT count(*) FROM portal_missedword) < %(most)s
        OR EXISTS (SELECT FROM portal_missedword WHERE digest = %(digest)s)
    ON CONFLICT (digest) DO UPDATE SET
        count = kept.count + 1,
        days = kept.days + (kept.last_day <> excluded.last_day)::int,
        last_day = excluded.last_day,
        word = CASE WHEN kept.days + (kept.last_day <> excluded.last_day)::int >= %(days)s
            THEN %(word)s ELSE '' END
"""


def note(words: Iterable[str]) -> None:
    """Count each of ``words`` (folded); numbers and very short or long words are left out.

    A page shows what was found, whether or not this can be written: database errors are dropped.
    """
    telling = [word for word in words if 3 <= len(word) <= 40 and word.isalpha()]
    today = timezone.localdate()
    with suppress(Error), transaction.atomic(), connection.cursor() as cursor:
        for word in sorted(telling[:MOST_AT_ONCE]):  # in one order: two requests cause no deadlock
            digest = salted_hmac("portal.search.missed", word, algorithm="sha256").hexdigest()
            cursor.execute(
                COUNT,
                {
                    "digest": digest,
                    "word": word,
                    "today": today,
                    "most": MOST,
                    "days": MissedWord.DAYS,
                },
            )


def delete_old() -> int:
    """Delete what nobody has looked for during ``KEEP_DAYS``; returns how many words."""
    since = timezone.localdate() - datetime.timedelta(days=KEEP_DAYS)
    return MissedWord.objects.filter(last_day__lt=since).delete()[0]
