"""The address of a person that an organisation gave for mails about its entries goes with the person."""

from typing import TYPE_CHECKING

from django.apps import apps

from programs.models import Organisation

from ..models import LinkAnswering

if TYPE_CHECKING:
    from .traces import Known


def forget_contacts(known: "Known") -> None:
    """Also what such a person wrote beside a proposed change, if it has their address or number."""
    if not known:
        return
    LinkAnswering.objects.filter(address__iregex=known.exact).delete()
    Organisation.objects.filter(contact_email__iregex=known.exact).update(contact_email="")
    proposals = apps.get_model("portal", "ChangeProposal")._default_manager
    proposals.filter(note__iregex=known.exact).update(note="")
