"""Links about one certificate: its PDF, and the public page that checks its code."""

from ..models import Certificate
from .signing import keep, path_of, read_kept, url_of

CERTIFICATE = "certificate"


def verify_url(certificate: Certificate) -> str:
    """Absolute URL of the page that checks the certificate; it is printed on it."""
    return url_of("verify", certificate.printed_code)


def certificate_token(certificate: Certificate) -> str:
    return keep(CERTIFICATE, certificate.code)


def certificate_path(certificate: Certificate) -> str:
    return path_of("certificate_pdf", certificate_token(certificate))


def certificate_url(certificate: Certificate) -> str:
    """Absolute URL of the PDF, for the person."""
    return url_of("certificate_pdf", certificate_token(certificate))


def read_certificate_token(token: str) -> str:
    """The certificate's code. Raises ``WrongLink`` for an invalid token."""
    return read_kept(CERTIFICATE, token)
