"""Context that every template gets."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    return {"demo": settings.DEMO, "site_path": settings.SITE_PATH}
