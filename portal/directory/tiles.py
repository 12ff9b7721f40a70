"""What stands on the start page about entries that have to stay true."""

from django.utils.translation import ngettext

from portal.tiles import Tile
from programs.addresses import admin_path
from volunteers.models import User

from . import calls
from .models import ChangeProposal, Upkeep


def proposals_to_decide(user: User) -> Tile:
    """Changes that organisations have sent by their link."""
    allowed = user.limited_to("portal.change_changeproposal")
    count = ChangeProposal.objects.visible_to(allowed).waiting().count()
    label = ngettext("vorgeschlagene Änderung ansehen", "vorgeschlagene Änderungen ansehen", count)
    url = admin_path(ChangeProposal, state__exact=ChangeProposal.State.WAITING.value)
    return Tile(label, count, url, urgent=True)


def organisations_to_call(user: User) -> Tile:
    """Organisations whose entries nobody confirms, or that no mail reaches."""
    count = calls.to_call(user).count() if user.has_perm(calls.PERM) else 0
    label = ngettext("Organisation anrufen", "Organisationen anrufen", count)
    return Tile(label, count, admin_path(Upkeep, "calls"))
