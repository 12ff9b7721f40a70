"""The Engagementnachweis as PDF: what the record says, and how to check it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..links import certificates as certificate_links
from ..models import Certificate
from . import signature
from .printing import picture, render
from .qr import qr_code

PLACE = "Stuttgart"


def certificate_pdf(certificate: Certificate) -> bytes:
    """The PDF, identical each time: in German, as offices and employers read it. One page; raises ``CannotPrint``."""
    with translation.override(settings.LANGUAGE_CODE):
        return render("certificate", **_data(certificate))


def certificate_response(certificate: Certificate) -> HttpResponse:
    """The PDF as an inline response, with a header that keeps search engines out. Raises ``CannotPrint``."""
    headers = {
        "Content-Disposition": f'inline; filename="engagementnachweis-{certificate.printed_code}.pdf"',
        "X-Robots-Tag": "noindex, nofollow",
    }
    return HttpResponse(certificate_pdf(certificate), "application/pdf", headers=headers)


def certificate_picture(certificate: Certificate) -> bytes:
    """PNG of an unsaved draft: marked as a draft, without a code. Raises ``CannotPrint``."""
    with translation.override(settings.LANGUAGE_CODE):
        return picture("certificate", **_data(certificate))


def _data(certificate: Certificate) -> dict[str, Any]:
    is_draft = certificate.pk is None
    address = certificate_links.verify_url(certificate)
    return {
        "name": certificate.name,
        "what": certificate.what,
        "period": period_label(certificate),
        "hours": certificate.hours_label,
        "competences": certificate.competence_labels,
        "issuer": certificate.issuer,
        "place_date": f"{PLACE}, {date_format(certificate.issued_on, 'DATE_FORMAT')}",
        "code": "" if is_draft else certificate.printed_code,
        "address": address.partition("://")[2].rstrip("/"),
        "qr": "" if is_draft else qr_code(qr_text(certificate)),
        "signed": not is_draft and bool(signature.sign(certificate)),
    }


def qr_text(certificate: Certificate) -> str:
    """The address of the page that checks it. The signature stands behind „#“: no browser sends that part."""
    address, signed = certificate_links.verify_url(certificate), signature.sign(certificate)
    return f"{address}#{signed}" if signed else address


def period_label(certificate: Certificate) -> str:
    """„vom 1. März 2026 bis zum 22. November 2026“."""
    since, until = (
        date_format(day, "DATE_FORMAT") for day in (certificate.since, certificate.until)
    )
    if certificate.since == certificate.until:
        return _("am %(day)s") % {"day": since}
    return _("vom %(since)s bis zum %(until)s") % {"since": since, "until": until}
