"""``manage.py worker``: takes jobs out of queues until it is stopped."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.operations import logs
from portal.operations.working import DatabaseGone, work


class Command(BaseCommand):
    help = "Take jobs out of queues until SIGINT or SIGTERM. Waits while PostgreSQL is away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queues", default="", help="names, separated by commas; default: all")
        parser.add_argument("--concurrency", type=int, default=1, help="jobs at the same time")
        parser.add_argument(
            "--graceful-seconds", type=float, help="for running jobs at the end; default: no limit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [name for name in options["queues"].split(",") if name]
        if unknown := set(queues) - set(settings.QUEUES):
            raise CommandError(
                _("Diese Warteschlangen gibt es nicht: %s") % ", ".join(sorted(unknown))
            )
        logs.this_process_is("worker")
        graceful = options["graceful_seconds"]
        try:
            asyncio.run(
                work(queues=queues, concurrency=options["concurrency"], graceful_seconds=graceful)
            )
        except DatabaseGone as error:
            text = _("Die Datenbank antwortet seit %d Sekunden nicht.")
            raise CommandError(text % settings.WORKER_GIVE_UP_SECONDS) from error
