"""``manage.py stop_postgresql``: stops a server that another command has started."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.postgresql import server


class Command(BaseCommand):
    help = "Stops the embedded PostgreSQL of DATA_DIR; does nothing when none is running."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir = settings.DATABASES["default"].get("EMBEDDED_DATA_DIR")
        if data_dir is not None:
            server.stop(data_dir)
