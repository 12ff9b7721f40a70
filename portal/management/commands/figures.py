"""Figures: writes down what is due, or checks that nothing published was changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.figures import chain, recording


class Command(BaseCommand):
    help = (
        "Writes down the figures of the months that are over. --check: is all as it was published?"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="name every row that was changed or removed"
        )
        parser.add_argument(
            "--head",
            default="",
            help="with --check: the head that a report names, or its beginning",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"] or options["head"]:
            self._check(options["head"])
            return
        done = recording.record_due()
        self.stdout.write(f"{done} months of figures were written down.")

    def _check(self, printed: str) -> None:
        broken = list(chain.check())
        for one in broken:
            what = "is missing" if one.is_missing else f"was changed: {one.what}"
            self.stderr.write(f"Figure {one.number} {what}")
        if printed and not chain.knows(printed):
            broken.append(chain.Broken(0, "", True))
            self.stderr.write(f"No figure has the head {printed}.")
        if broken:
            raise CommandError("Published figures are not as they were published.")
        last = chain.head()
        self.stdout.write(
            f"All {last.number} figures are as they were published. Head: {last.digest}"
        )
