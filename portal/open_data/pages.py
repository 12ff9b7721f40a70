"""The page „Offene Daten“, and the catalogue that describes the data sets."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from . import rdf
from .dcat import catalogue
from .licences import ATTRIBUTION, licence
from .lists import LISTS

WRITTEN = {
    "ttl": (rdf.as_turtle, "text/turtle; charset=utf-8"),
    "jsonld": (rdf.as_json_ld, "application/ld+json"),
}


def page(request: HttpRequest) -> HttpResponse:
    context = {"lists": LISTS.values(), "licence": licence(), "attribution": ATTRIBUTION}
    return render(request, "portal/open_data.html", context)


def described(request: HttpRequest, form: str) -> HttpResponse:
    """The catalogue as Turtle or JSON-LD, in German."""
    write, content_type = WRITTEN[form]
    with override(settings.LANGUAGE_CODE):
        return HttpResponse(write(catalogue()), content_type=content_type)
