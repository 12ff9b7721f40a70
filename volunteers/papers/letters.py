"""The letter with which somebody asks the Meldebehörde for a certificate of good conduct.

§ 30a Abs. 2 BZRG: an organisation that asks a person for an extended certificate confirms in
writing that the conditions of Abs. 1 are met. So it is the organisation's letter and needs its
signature.
"""

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .. import papers
from ..models import Application
from ..models.statuses import Status
from ..reads.preparation import Progress, progress_of

FILE_NAME = "Brief-an-die-Meldebehoerde.pdf"
NOT_YET = (Status.UNCONFIRMED, Status.WAITING, Status.NEW)


def is_offered(application: Application, progress: Progress | None = None) -> bool:
    """For coordinators: while the application is open and its programme may require the certificate."""
    progress = progress_of(application) if progress is None else progress
    is_open = not application.is_closed and application.status != Status.UNCONFIRMED
    return is_open and progress.certificate is not None


def is_offered_to_person(application: Application, progress: Progress | None = None) -> bool:
    """For the person: only after the organisation has begun to work on it, because it has to vouch."""
    progress = progress_of(application) if progress is None else progress
    is_asked = progress.certificate is not None and progress.certificate in progress.asked
    return is_asked and application.status not in NOT_YET and is_offered(application, progress)


def conduct_check_letter(application: Application) -> HttpResponse:
    """The letter as a file to save, in German for the office. Raises ``papers.CannotPrint``."""
    with translation.override(settings.LANGUAGE_CODE):
        day = date_format(timezone.localdate(), "j. F Y")
        pdf = papers.conduct_check_letter(
            name=application.name,
            organisation=application.organisation.title,
            activity=application.wish,
            place_date=_("Stuttgart, %(day)s") % {"day": day},
            signer=application.answering_role,
        )
    disposition = f'attachment; filename="{FILE_NAME}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
