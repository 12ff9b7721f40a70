"""What stands on the start page about the newsletter."""

from django.utils.translation import ngettext_lazy

from portal.tiles import Waiting
from programs.addresses import admin_path
from volunteers.models import User

from .issue_models import NewsletterIssue
from .issue_steps import SEND


def issues_in_trouble(user: User) -> Waiting:
    """Issues that the portal has held up, for those who may send them."""
    found = NewsletterIssue.objects.in_trouble() if user.has_perm(SEND) else 0
    label = ngettext_lazy(
        "Newsletter-Ausgabe wurde nicht verschickt",
        "Newsletter-Ausgaben wurden nicht verschickt",
        "n",
    )
    return Waiting(found, label, admin_path(NewsletterIssue), urgent=True)
