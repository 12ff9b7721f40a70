"""Checking the signature of a certificate, and what others need to check it without the portal."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ..models import WithdrawnCode
from ..models.withdrawn import digest_of
from ..papers import signature

DAYS = ("since", "until", "on")


@csrf_exempt  # nothing is stored, and a page without a cookie cannot hold a token
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_signed(request: HttpRequest) -> HttpResponse:
    """What a signed text says; it comes by POST, so that no name stands in an address or a log."""
    text = request.POST.get("text", "").replace("\x00", "").strip()
    context: dict[str, Any] = {
        "typed": text,
        "keys": [(k, v.as_pem(private=False).decode()) for k, v in signature.public_keys().items()],
    }
    status = 200
    if request.method == "POST":
        found = signature.read(text)
        code = found.says.get("code", "")
        context |= {
            "verdict": found.verdict.value,
            "says": found.says | {day: parse_date(found.says.get(day, "")) for day in DAYS},
            "withdrawn": WithdrawnCode.objects.filter(digest=digest_of(code)).first(),
        }
        status = 200 if found.verdict == signature.Verdict.GENUINE else 422
    response = render(request, "volunteers/certificates/signed.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys (RFC 7517), former ones included."""
    return JsonResponse({"keys": signature.jwks()})


@never_cache
@require_safe
def withdrawn(request: HttpRequest) -> HttpResponse:
    """SHA-256 of the printed codes that no longer count → the day; no names."""
    codes = WithdrawnCode.objects.values_list("digest", "on")
    return JsonResponse(
        {"hash": "sha256", "withdrawn": {digest: f"{on:%Y-%m-%d}" for digest, on in codes}}
    )
