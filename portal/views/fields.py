"""Fields of engagement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.cards import cards_of
from portal.catalogue.boxes import besides
from portal.catalogue.joinable import Entries
from programs import vocabulary
from programs.models import Field

ENTRIES_SHOWN = 24


def field_list(request: HttpRequest) -> HttpResponse:
    """The fields in which one can do something now."""
    counts = Entries().open_counts()
    numbers = ((field, counts.get(f"field:{field.slug}", 0)) for field in Field.objects.all())
    fields = [(field, number) for field, number in numbers if number]
    return render(request, "portal/fields.html", {"fields": fields})


def field(request: HttpRequest, slug: str) -> HttpResponse:
    subject = get_object_or_404(Field, slug=slug)
    entries = Entries(f"field:{subject.slug}")
    numbers = entries.state_counts()
    context = {
        "field": subject,
        "cards": cards_of(entries.open_first(ENTRIES_SHOWN), vocabulary.district_labels()),
        "total": numbers.get("open", 0),
        "besides": besides(numbers, [("feld", subject.slug)]),
    }
    return render(request, "portal/field.html", context)
