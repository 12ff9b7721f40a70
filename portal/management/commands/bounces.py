"""``manage.py bounces < report``: takes a mail that came back from the mail server's pipe."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError

from portal.newsletter import bounces as newsletter
from programs.history import by_portal
from volunteers.notifications import bounces

TRY_AGAIN = 75
"""EX_TEMPFAIL: the mail server keeps the report and brings it again."""


class Command(BaseCommand):
    help = (
        "Liest einen Bericht über eine Mail, die nicht ankam (RFC 3464), von der Standardeingabe und vermerkt "
        "die Adresse. Gedacht für das Postfach des Absenders: Der Mailserver reicht jede Mail dorthin "
        "weiter. Was kein solcher Bericht ist oder keine Mail des Portals betrifft, bleibt ohne Folgen."
    )

    def handle(self, **options: Any) -> None:
        report = sys.stdin.buffer.read(bounces.LARGEST)
        try:
            with by_portal("bounces"):
                noted = sum(
                    newsletter.note(one) or bounces.note(one) for one in bounces.read(report)
                )
        except OperationalError:
            self.stderr.write("Die Datenbank antwortet nicht. Bitte später noch einmal.")
            sys.exit(TRY_AGAIN)
        self.stdout.write(f"Vermerkt: {noted}")
