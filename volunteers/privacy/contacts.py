"""The address of a person that an organisation gave for mails or letters goes with the person."""

from typing import TYPE_CHECKING

from django.apps import apps

from programs.models import Organisation
from programs.models.organisations import POSTAL

from ..models import LinkAnswering

if TYPE_CHECKING:
    from .places import Places
    from .traces import Known


def forget_contacts(known: "Known", places: "Places") -> None:
    """Also what such a person wrote beside a proposed change, if it has their address or number."""
    if not known:
        return
    LinkAnswering.objects.filter(address__iregex=known.exact).delete()
    Organisation.objects.filter(contact_email__iregex=known.exact).update(contact_email="")
    named = places.rows(Organisation).filter(post_to__iregex=known.named)
    at_home = named | Organisation.objects.filter(post_to__iregex=known.exact)
    Organisation.objects.filter(pk__in=at_home.values("pk")).update(**dict.fromkeys(POSTAL, ""))
    proposals = apps.get_model("portal", "ChangeProposal")._default_manager
    proposals.filter(note__iregex=known.exact).update(note="")
