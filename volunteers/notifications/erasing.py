"""Mails about a deletion: one to the person, and to coordinators without the person in it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Application, CompanionRequest
from .people import send_to_members
from .sending import send


def erased(email: str) -> None:
    """That everything is gone. The portal keeps nothing of this mail once it is delivered."""
    send(email, _("Ihre Daten sind gelöscht"), "erasing/erased", forget=True)


def application_gone(application: Application) -> None:
    """By number and state: who it was, the portal no longer knows."""
    context = {
        "what": _("die Anmeldung Nr. %(number)d (%(wish)s, %(status)s)")
        % {
            "number": application.pk,
            "wish": application.wish,
            "status": application.get_status_display(),
        },
        "url": settings.SITE_URL + reverse("admin:volunteers_application_changelist"),
    }
    subject = _("Eine Anmeldung ist gelöscht")
    send_to_members(application.organisation, subject, "erasing/record_gone", **context)


def request_gone(request: CompanionRequest) -> None:
    """The same for somebody who looked for a companion."""
    context = {
        "what": _("die Suche nach Begleitung Nr. %(number)d (%(status)s)")
        % {"number": request.pk, "status": request.get_status_display()},
        "url": settings.SITE_URL + reverse("admin:volunteers_companionrequest_changelist"),
    }
    subject = _("Eine Suche nach Begleitung ist gelöscht")
    send_to_members(request.organisation, subject, "erasing/record_gone", **context)
