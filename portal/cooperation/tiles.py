"""What stands on the start page about cooperations."""

from django.utils.translation import ngettext_lazy

from portal.tiles import Waiting
from programs.addresses import admin_path
from volunteers.models import User

from .models import CooperationOffer


def offers_to_answer(user: User) -> Waiting:
    """Offers of companies and foundations that nobody has answered yet."""
    found = CooperationOffer.objects.visible_to(user).unanswered()
    status = CooperationOffer.Status.NEW.value
    label = ngettext_lazy(
        "Angebot eines Unternehmens wartet", "Angebote von Unternehmen warten", "n"
    )
    return Waiting(found, label, admin_path(CooperationOffer, status__exact=status), urgent=True)
