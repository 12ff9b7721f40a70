"""How old the last good backup is, for ``/healthz``, metrics and the system page."""

from .backup.models import Backup


def last_good() -> Backup | None:
    """The newest backup that was written completely; None if there has never been one. One query.

    ``made_at`` is when it was begun: nothing that was saved later is in it. ``verified_at`` is when it was
    restored on trial with the same counts and checksums, or None.
    """
    return Backup.objects.order_by("-made_at").first()
