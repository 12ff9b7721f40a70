"""Mails about certificates, to the person they are about."""

from django.utils.translation import gettext as _

from ..links import certificates as certificate_links
from ..models import Certificate
from .applications import offer_of
from .sending import News, send
from .speaking import to_person


@to_person("volunteer")
def issued(certificate: Certificate) -> None:
    news = News(_topic(certificate), "", "issued")
    _send(certificate, _("Ihr Engagementnachweis"), "certificates/issued", news)


@to_person("volunteer")
def withdrawn(certificate: Certificate) -> None:
    """Nothing is said of a certificate that the person has not heard of yet."""
    if News(_topic(certificate), "issued", "").to_tell():
        _send(certificate, _("Ihr Engagementnachweis gilt nicht mehr"), "certificates/withdrawn")


def _topic(certificate: Certificate) -> str:
    return f"certificate.{certificate.pk}"


def _send(certificate: Certificate, subject: str, template: str, news: News | None = None) -> None:
    application = certificate.application
    to = application.email if application else certificate.volunteer.email
    send(
        to,
        subject,
        template,
        offer=offer_of(application) if application else "",
        news=news,
        certificate=certificate,
        url=certificate_links.certificate_url(certificate),
        verify_url=certificate_links.verify_url(certificate),
    )
