"""What stands on the start page about entries that have to stay true."""

from django.utils.translation import ngettext_lazy

from portal.tiles import Waiting
from programs.addresses import admin_path
from volunteers.models import User

from . import calls
from .models import ChangeProposal, Upkeep


def proposals_to_decide(user: User) -> Waiting:
    """Changes that organisations have sent by their link."""
    allowed = user.limited_to("portal.change_changeproposal")
    found = ChangeProposal.objects.visible_to(allowed).waiting()
    label = ngettext_lazy(
        "vorgeschlagene Änderung ansehen", "vorgeschlagene Änderungen ansehen", "n"
    )
    url = admin_path(ChangeProposal, state__exact=ChangeProposal.State.WAITING.value)
    return Waiting(found, label, url, urgent=True)


def organisations_to_call(user: User) -> Waiting:
    """Organisations whose entries nobody confirms, or that no mail reaches."""
    found = calls.to_call(user) if user.has_perm(calls.PERM) else 0
    label = ngettext_lazy("Organisation anrufen", "Organisationen anrufen", "n")
    return Waiting(found, label, admin_path(Upkeep, "calls"))
