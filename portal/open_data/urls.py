"""The addresses of the open data; ``portal/urls.py`` takes them in."""

from functools import partial

from django.urls import URLPattern, path, register_converter

from portal.public import public

from . import api, pages
from .api import open_to_all


class FormConverter:
    """How the catalogue is written."""

    regex = "|".join(pages.WRITTEN)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormConverter, "rdf")

asked = partial(public, reads=None, at_once=False)
"""Parameters that nobody knows are refused, and every answer counts for the limit."""

urlpatterns: list[URLPattern] = [
    path("open-data/katalog.<rdf:form>", public(pages.described), name="catalogue"),
    path("api/v1/", open_to_all(asked(api.start)), name="api"),
    path("api/v1/openapi.json", open_to_all(asked(api.describe)), name="api_description"),
    path("api/v1/<slug:name>", open_to_all(asked(api.list_of)), name="api_list"),
    path("api/v1/<slug:name>.csv", open_to_all(asked(api.table)), name="api_csv"),
    path("api/v1/<slug:name>/<slug:number>", open_to_all(asked(api.item)), name="api_item"),
    path("api/<path:rest>", open_to_all(api.unknown), name="api_unknown"),
]
