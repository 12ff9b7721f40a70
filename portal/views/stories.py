"""Stories of volunteers: the list, and the page of each. There is no list as long as there is no story."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.views.errors import gone
from programs.models import Story
from programs.stories import with_pictures


def story_list(request: HttpRequest) -> HttpResponse:
    stories = list(with_pictures())
    if not stories:
        raise Http404
    return render(request, "programs/story_list.html", {"stories": stories})


def story(request: HttpRequest, slug: str) -> HttpResponse:
    """410 where the consent was withdrawn."""
    found = with_pictures().filter(slug=slug).first()
    if found is not None:
        return render(request, "programs/story.html", {"story": found})
    if Story.objects.withdrawn_from(slug).exists():
        return gone()
    raise Http404
