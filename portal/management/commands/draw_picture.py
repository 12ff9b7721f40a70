"""``manage.py draw_picture``, called by ``make picture``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.sharing import drawing


class Command(BaseCommand):
    help = (
        "Draws the picture that other sites show for pages without one of their own, into static/."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "static" / drawing.DEFAULT).write_bytes(drawing.draw_default())
