"""Pictures of pages, posters, and short addresses."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from programs.models import Entry, Event
from volunteers.guard.limits import limited

from .keeping import picture_of
from .models import SharePicture
from .poster import has_poster, poster_of, second_languages
from .shown import Shareable, entries, events, shown_by

A_YEAR = 365 * 24 * 3600


@require_safe
def entry_picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    return _picture(get_object_or_404(entries(), slug=slug), digest)


@require_safe
def event_picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    return _picture(get_object_or_404(events(), slug=slug), digest)


def _picture(thing: Shareable, digest: str) -> HttpResponse:
    """The picture for good, as its address changes with what it shows; any other address leads to that."""
    found = SharePicture.objects.filter(pk=shown_by(thing).digest).first()
    if found is None or digest != found.digest:
        return _to_the_newest(thing)
    headers = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    return HttpResponse(bytes(found.png), content_type="image/png", headers=headers)


def _to_the_newest(thing: Shareable) -> HttpResponse:
    response = HttpResponseRedirect(picture_of(thing).url)
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
@limited("poster", methods=("GET",))
def entry_poster(request: HttpRequest, slug: str) -> HttpResponse:
    return _poster(request, get_object_or_404(Entry.objects.published(), slug=slug))


@require_safe
@limited("poster", methods=("GET",))
def event_poster(request: HttpRequest, slug: str) -> HttpResponse:
    events = Event.objects.published().select_related("organisation", "district", "part_of")
    return _poster(request, get_object_or_404(events, slug=slug))


def _poster(request: HttpRequest, thing: Shareable) -> HttpResponse:
    """In the language of the page; with „?mit=ar“ Arabic stands beside it, and an unknown language does not."""
    if not has_poster(thing):
        raise Http404
    second = request.GET.get("mit", "")
    second = second if second in dict(second_languages()) else ""
    name = "-".join(filter(None, ("plakat", thing.slug, second)))
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Cache-Control": "public, no-cache",
    }
    return HttpResponse(poster_of(thing, second), content_type="application/pdf", headers=headers)


def short_entry(request: HttpRequest, number: int) -> HttpResponse:
    """To the page of the entry, or of the organisation into which it was merged."""
    entry = Entry.objects.published().filter(pk=number).first()
    if entry is None:
        entry = get_object_or_404(
            Entry.objects.published(), organisation_entry__former__number=number
        )
    return HttpResponseRedirect(entry.get_absolute_url())


def short_event(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponseRedirect(
        get_object_or_404(Event.objects.published(), pk=number).get_absolute_url()
    )
