"""Mails about a deletion: one to the person, and some to coordinators without the person's name."""

from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..models import Application, CompanionRequest
from .people import send_to_members
from .sending import send
from .speaking import speaking, to_staff


def erased(email: str, name: str, *, language: str) -> None:
    """To the person: everything is deleted. The portal deletes this mail once it is delivered.

    ``name`` says whose data it was, if others have the same mailbox.
    """
    with speaking(language):
        send(email, _("Ihre Daten sind gelöscht"), "erasing/erased", forget=True, name=name)


@to_staff
def application_gone(application: Application) -> None:
    """To the coordination, with number and status only; the portal no longer knows the name."""
    what = _("die Anmeldung Nr. %(number)d (%(wish)s, %(status)s)") % {
        "number": application.pk,
        "wish": application.wish,
        "status": application.get_status_display(),
    }
    send_to_members(
        application.organisation,
        _("Eine Anmeldung ist gelöscht"),
        "erasing/record_gone",
        what=what,
        url=admin_url(Application),
    )


@to_staff
def request_gone(request: CompanionRequest) -> None:
    """The same for a request for a companion."""
    what = _("die Suche nach Begleitung Nr. %(number)d (%(status)s)") % {
        "number": request.pk,
        "status": request.get_status_display(),
    }
    send_to_members(
        request.organisation,
        _("Eine Suche nach Begleitung ist gelöscht"),
        "erasing/record_gone",
        what=what,
        url=admin_url(CompanionRequest),
    )
