"""Stories with their pictures, and withdrawing one: what the person has told goes at once."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from .models import Picture, Story
from .models.stories import digest_of

EMPTY: dict[str, Any] = {
    **dict.fromkeys(("title", "person", "text", "agreed_by", "agreed_how"), ""),
    "translations": {},
}


def with_pictures() -> "QuerySet[Story]":
    """What is published, with programme and the pictures that are ready; two queries."""
    ready = Prefetch("pictures", Picture.objects.ready())
    return Story.objects.public().select_related("programme").prefetch_related(ready)


def withdraw(stories: "QuerySet[Story]") -> int:
    """Empty these stories and remove their pictures; returns how many. The days stay, as a proof."""
    count = 0
    with transaction.atomic():
        for story in stories.filter(withdrawn_at__isnull=True):
            Picture.objects.filter(story=story.pk).delete()
            count += Story.objects.filter(pk=story.pk, withdrawn_at__isnull=True).update(
                **EMPTY,
                slug=f"{digest_of(story.slug)}-{story.pk}",
                is_published=False,
                withdrawn_at=timezone.now(),
            )
    return count
