"""The Engagementnachweis as PDF: what the record says, how to check it, and the same in the person's language."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs import simple

from ..links import certificates as certificate_links
from ..models import Certificate
from ..models.reading import known_language
from . import signature
from .printing import picture, render
from .qr import qr_code

PLACE = "Stuttgart"


def certificate_pdf(certificate: Certificate) -> bytes:
    """One page in German, as offices and employers read it; a second one in the person's language, if that is another.

    Identical each time, as long as the person keeps the language. Raises ``CannotPrint``.
    """
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
        "second": _second(certificate),
    }


def _second(certificate: Certificate) -> dict[str, Any] | None:
    """The words of the second page. Name, engagement and issuer stay as they were written and signed."""
    language = known_language(certificate.volunteer.preferred_language)
    if language in (settings.LANGUAGE_CODE, simple.LANGUAGE):
        return None
    with translation.override(language):
        return {
            "language": language,
            "is_rtl": translation.get_language_bidi(),
            "portal": _("Freiwilligenportal Stuttgart"),
            "title": _("Engagementnachweis"),
            # Translators: Stands below the name of a person, on a certificate of volunteering.
            "sentence": _("hat sich %(period)s freiwillig und unentgeltlich engagiert.")
            % {"period": period_label(certificate)},
            "what": _("Engagement"),
            "hours": _("Stunden"),
            "number": certificate.hours_label,
            "shown": _("Dabei gezeigte Kompetenzen"),
            "competences": certificate.competence_labels,
            "thanks": _(
                "Vielen Dank für dieses Engagement. Es hilft Menschen, gut in Stuttgart anzukommen."
            ),
            "issued_by": _("Ausgestellt von"),
            "place_date": _("Stuttgart, %(day)s")
            % {"day": date_format(certificate.issued_on, _("j. F Y"))},
            "note": _(
                "Diese Seite ist eine Übersetzung zum Lesen. Es gilt der Nachweis auf der deutschen Seite. Dort "
                "steht auch, wie man prüft, ob er echt ist."
            ),
        }


def qr_text(certificate: Certificate) -> str:
    """The address of the page that checks it. The signature stands behind „#“: no browser sends that part."""
    address, signed = certificate_links.verify_url(certificate), signature.sign(certificate)
    return f"{address}#{signed}" if signed else address


def period_label(certificate: Certificate) -> str:
    """„vom 1. März 2026 bis zum 22. November 2026“."""
    since, until = (date_format(day, _("j. F Y")) for day in (certificate.since, certificate.until))
    if certificate.since == certificate.until:
        return _("am %(day)s") % {"day": since}
    return _("vom %(since)s bis zum %(until)s") % {"since": since, "until": until}
