"""Certificates of engagement: issued once, never changed, withdrawn at most once."""

import datetime
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import papers
from ..errors import DomainError
from ..models import Application, Certificate, Competence, User, WithdrawnCode
from ..models.withdrawn import digest_of
from ..notifications import certificates as notifications
from ..reads.engaged import is_engaged
from .hours import NotEngaged
from .locks import lock_certificate, lock_own_application


class PeriodInFuture(DomainError):
    message = _("Ein Nachweis reicht höchstens bis heute. Bitte ändern Sie das Ende.")


class EndsBeforeStart(DomainError):
    message = _("Das Ende liegt vor dem Beginn. Bitte ändern Sie eines von beiden.")


class AlreadyIssued(DomainError):
    message = _(
        "Für genau diesen Zeitraum gibt es schon den Nachweis %(code)s. Wählen Sie einen anderen "
        "Zeitraum, oder ziehen Sie den alten zuerst auf der Seite der Anmeldung zurück."
    )

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(self.message % {"code": certificate.printed_code})


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The content of a certificate, validated by the form. With ``hours`` None it does not mention hours."""

    name: str
    what: str
    since: datetime.date
    until: datetime.date
    hours: Decimal | None = None
    competences: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A hash of the content: equal statements have the same digest."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def draft(*, application: Application, statement: Statement, by: User) -> Certificate:
    """The unsaved certificate as it would be issued, for the preview.

    Raises ``NotEngaged``, ``PeriodInFuture``, ``EndsBeforeStart``, and ``CannotPrint`` when no font
    has one of the characters.
    """
    if not is_engaged(application) or application.volunteer is None:
        raise NotEngaged
    if statement.until > timezone.localdate():
        raise PeriodInFuture
    if statement.until < statement.since:
        raise EndsBeforeStart
    certificate = Certificate(
        volunteer=application.volunteer,
        application=application,
        organisation=application.organisation,
        issuer=application.organisation.title,
        name=statement.name,
        what=statement.what,
        since=statement.since,
        until=statement.until,
        hours=statement.hours,
        competences=[c.value for c in Competence if c in statement.competences],
        issued_by=by,
    )
    papers.certificate_pdf(certificate)
    return certificate


def issue_certificate(*, application: Application, statement: Statement, by: User) -> Certificate:
    """Issue a certificate in the organisation's name and mail the person the link to the PDF.

    Locks the application. Idempotent: the same statement again returns the existing certificate. A
    different one for exactly the same period raises ``AlreadyIssued``; otherwise raises the same
    errors as :func:`draft`.
    """
    with transaction.atomic():
        application = lock_own_application(application.pk)
        certificate = draft(application=application, statement=statement, by=by)
        period = {"since": statement.since, "until": statement.until}
        if (issued := application.certificates.valid().filter(**period).first()) is not None:
            if _says(issued) != _says(certificate):
                raise AlreadyIssued(issued)
            return issued
        certificate.save(force_insert=True)
        notifications.issued(certificate)
    return certificate


def withdraw_certificate(*, certificate: Certificate, by: User) -> Certificate:
    """Declare it void; from now on the page that checks the code says so, with the date.

    The person gets a mail. Locks the application, then the certificate. Idempotent.
    """
    with transaction.atomic():
        certificate = lock_certificate(certificate)
        if certificate.is_withdrawn:
            return certificate
        certificate.withdrawn_at, certificate.withdrawn_by = timezone.now(), by
        certificate.save(update_fields=["withdrawn_at", "withdrawn_by"])
        WithdrawnCode.objects.get_or_create(digest=digest_of(certificate.printed_code))
        notifications.withdrawn(certificate)
    return certificate


def _says(certificate: Certificate) -> tuple[object, ...]:
    names = ("issuer", "name", "what", "since", "until", "hours", "competences")
    return tuple(getattr(certificate, name) for name in names)
