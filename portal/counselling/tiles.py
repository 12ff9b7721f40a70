"""What stands on the start page about counselling."""

from django.utils.translation import ngettext_lazy

from portal.tiles import Waiting
from programs.addresses import admin_path
from volunteers.models import User

from .admin import YES
from .models import CounsellingRequest


def counselling_to_answer(user: User) -> Waiting:
    """Requests and messages that nobody has answered yet."""
    found = CounsellingRequest.objects.visible_to(user).waiting()
    label = ngettext_lazy("Beratung wartet auf Antwort", "Beratungen warten auf Antwort", "n")
    return Waiting(found, label, admin_path(CounsellingRequest, wartet=YES), urgent=True)
