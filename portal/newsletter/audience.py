"""Who gets an issue: the one place where issues and their sending meet the subscriptions."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from volunteers.models.standing_orders import HARD_BOUNCES
from volunteers.services.rounds import delete_in_batches

from .content import districts_of
from .issue_models import NewsletterBlock, NewsletterDelivery, NewsletterIssue
from .models import Subscription, SubscriptionQuerySet

AT_ONCE = 2000


def recipients_of(
    issue: NewsletterIssue, blocks: Iterable[NewsletterBlock]
) -> SubscriptionQuerySet:
    """Those who would get it now."""
    districts = districts_of(blocks)
    return Subscription.objects.receiving(
        issue.topics, language=issue.language, districts=districts
    )


def still_receiving(issue: NewsletterIssue, number: int) -> SubscriptionQuerySet:
    """The subscription, if it still wants the topics of an issue that is being sent."""
    wanted = Subscription.objects.receiving(issue.topics, language=issue.language)
    return wanted.filter(pk=number)


def note_recipients(issue: NewsletterIssue, blocks: Iterable[NewsletterBlock]) -> int:
    """A delivery for each of them; returns how many."""
    numbers = recipients_of(issue, blocks).order_by("pk").values_list("pk", flat=True)
    rows = [NewsletterDelivery(issue=issue, subscription_id=number) for number in numbers]
    NewsletterDelivery.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def note_late_bounce(subscription: Subscription) -> None:
    """An issue that was taken came back because of the address; after ``HARD_BOUNCES`` it gets no more.

    They have a count of their own: that the next issue is taken says nothing about such an address.
    """
    subscription.late_bounces += 1
    if subscription.late_bounces >= HARD_BOUNCES:
        subscription.stopped_at = timezone.now()
    subscription.save(update_fields=["late_bounces", "stopped_at"])


def start_page() -> str:
    return reverse("portal:newsletter")


def forget_deliveries() -> int:
    """Delete who got which issue, ``KEEP_NEWSLETTER_DELIVERIES_DAYS`` after its end; its numbers stay."""
    limit = timezone.now() - datetime.timedelta(days=settings.KEEP_NEWSLETTER_DELIVERIES_DAYS)
    return delete_in_batches(NewsletterDelivery.objects.filter(issue__ended_at__lt=limit))
