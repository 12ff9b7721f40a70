"""A page is in the language of its address, never in one that the browser asks for: so every cache may keep it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from volunteers.models.reading import tag_of

from .addresses import GERMAN, ONLY_GERMAN, in_language, language_of


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", tag_of(language))
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Lead to the German address where a page has no other."""
        match = request.resolver_match
        if match and match.view_name in ONLY_GERMAN and request.LANGUAGE_CODE != GERMAN:
            return HttpResponseRedirect(in_language(request.get_full_path(), GERMAN))
        return None
