"""One size of a picture. Its address is new for every picture, so browsers need not ask again."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.views.errors import gone
from programs.models import PictureFile
from programs.pictures import public_file, was_removed

TYPES = {PictureFile.Form.AVIF: "image/avif", PictureFile.Form.JPEG: "image/jpeg"}
DAY = 24 * 3600
"""Seconds that browsers and caches keep a picture. After it is removed, none shows it longer than that."""

_kept = cache_control(public=True, max_age=DAY, immutable=True)


@require_safe
def picture(request: HttpRequest, key: uuid.UUID, width: int, form: str) -> HttpResponse:
    """410 for a picture that was removed. No page is made here, and nothing of the visitor is read."""
    content_type = TYPES.get(form)  # type: ignore[call-overload]  # a key of the choices is a text
    data = public_file(key, width, form) if content_type else None
    if data is not None:
        return _picture(request, data, content_type)
    if was_removed(key):
        return gone()
    raise Http404


@_kept
def _picture(request: HttpRequest, data: bytes, content_type: str) -> HttpResponse:
    return HttpResponse(data, content_type=content_type)
