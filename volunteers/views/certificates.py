"""Downloading one's own certificate, and checking any certificate by its code."""

import itertools
import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import papers
from ..guard.limits import limited_guesses
from ..links import certificates as certificate_links
from ..links import signing
from ..models import Certificate
from ..models.thanks import CODE_ALPHABET, CODE_LENGTH
from .by_link import by_link

LOOKS_LIKE = {"O": "QD", "0": "QD", "U": "V", "I": "J7T", "L": "J7T", "1": "J7T"}
"""Characters that occur in no code → those that they may have been on paper."""
MOST_READINGS = 64


@never_cache
@require_safe
@limited_guesses("certificate")
def enter_code(request: HttpRequest) -> HttpResponse:
    """The form; a code in the query string redirects to its page. Sets no cookie, stores nothing."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return _private(render(request, "volunteers/certificates/check.html"))
    if (certificate := find_certificate(typed)) is None:
        return _unknown(request, typed)
    return redirect("volunteers:verify", certificate.printed_code)


@never_cache
@require_safe
@limited_guesses("certificate")
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the certificate with this code says, and no more; or since when it is withdrawn."""
    if (certificate := find_certificate(code)) is None:
        return _unknown(request, code)
    if code != certificate.printed_code:
        return redirect("volunteers:verify", certificate.printed_code)
    context: dict[str, Any] = {"certificate": certificate}
    if not certificate.is_withdrawn:
        context["period"] = papers.period_label(certificate)
    return _private(render(request, "volunteers/certificates/certificate.html", context))


@by_link
@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF for the person; the link from the mail is the only authentication."""
    code = certificate_links.read_certificate_token(token)
    certificate = signing.find(Certificate.objects.all(), code=code)
    if certificate.is_withdrawn:
        context = {"certificate": certificate, "is_own": True}
        return _private(
            render(request, "volunteers/certificates/certificate.html", context, status=410)
        )
    return papers.certificate_response(certificate)


def find_certificate(typed: str) -> Certificate | None:
    """The certificate with the typed code; case, blanks and dashes do not matter.

    A character that no code has is read as one that looks like it, if exactly one certificate
    matches.
    """
    text = unicodedata.normalize("NFKC", typed[:100]).upper()
    signs = [sign for sign in text if sign.isalnum()]
    if len(signs) != CODE_LENGTH:
        return None
    choices = [sign if sign in CODE_ALPHABET else LOOKS_LIKE.get(sign, "") for sign in signs]
    readings = itertools.islice(itertools.product(*choices), MOST_READINGS + 1)
    codes = ["".join(reading) for reading in readings]
    if len(codes) > MOST_READINGS:
        return None
    found = list(Certificate.objects.filter(code__in=codes)[:2])
    return found[0] if len(found) == 1 else None


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    context = {"typed": typed, "is_unknown": True}
    return _private(render(request, "volunteers/certificates/check.html", context, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep search engines out; caches are kept out already."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
