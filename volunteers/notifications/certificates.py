"""Mails about certificates, to the person they are about."""

from django.utils.translation import gettext as _

from ..links import certificates as certificate_links
from ..models import Certificate
from .applications import offer_of
from .sending import send


def issued(certificate: Certificate) -> None:
    _send(certificate, _("Ihr Engagementnachweis"), "certificates/issued")


def withdrawn(certificate: Certificate) -> None:
    _send(certificate, _("Ihr Engagementnachweis gilt nicht mehr"), "certificates/withdrawn")


def _send(certificate: Certificate, subject: str, template: str) -> None:
    application = certificate.application
    to = application.email if application else certificate.volunteer.email
    send(
        to,
        subject,
        template,
        offer=offer_of(application) if application else "",
        certificate=certificate,
        url=certificate_links.certificate_url(certificate),
        verify_url=certificate_links.verify_url(certificate),
    )
