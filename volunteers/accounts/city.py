"""The OpenID Connect flow with the city's provider, and the claims of its ID token.

Authlib handles the flow and checks it (OpenID Connect Core 1.0, 3.1.3.7): state and PKCE, bound to
the session; signature, issuer, audience, times and nonce of the ID token. Why not allauth: see
``docs/decisions/2026-11-26-id-tokens-by-authlib.md``.
"""

from typing import Any

from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
"""Signatures with a public key only; no shared secret, and not „none“."""
LEEWAY = 60  # seconds by which the clocks may differ
TIMEOUT = 5  # seconds for each request to the provider


class Refused(Exception):
    """The provider's data does not prove who the user is; the message is for the log."""


class IDToken(CodeIDToken):
    def validate_amr(self) -> None:
        """Accept any value: only a list that contains ``mfa`` counts as a second factor."""


class City(DjangoOAuth2App):
    """The client for the provider in the settings, for one request."""

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's configuration. Raises ``Refused`` if it is for another issuer."""
        found: dict[str, Any] = super().load_server_metadata()
        if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_SERVER_URL:
            raise Refused("issuer differs from OIDC_SERVER_URL")
        ways = found.get("token_endpoint_auth_methods_supported", [])
        basic = "client_secret_basic" in ways and "client_secret_post" not in ways
        found["token_endpoint_auth_method"] = (
            "client_secret_basic" if basic else "client_secret_post"
        )
        found["id_token_signing_alg_values_supported"] = ALGORITHMS
        return found

    def redirect(self, request: HttpRequest) -> HttpResponse:
        """Redirect the browser to the provider."""
        back = request.build_absolute_uri(reverse("city_sign_on_callback"))
        nonce = get_random_string(32)
        answer: HttpResponse = self.authorize_redirect(request, back, nonce=nonce)
        return answer

    def has_begun(self, request: HttpRequest) -> bool:
        """Whether the callback belongs to a sign-on that began in this session."""
        state = request.GET.get("state", "")
        return self.framework.get_state_data(request.session, state) is not None

    def claims(self, request: HttpRequest) -> dict[str, Any]:
        """The claims, after all checks of the ID token."""
        issuer = self.load_server_metadata()["issuer"]
        token = self.authorize_access_token(
            request,
            claims_cls=IDToken,
            claims_options={"iss": {"value": issuer}, "aud": {"value": self.client_id}},
            leeway=LEEWAY,
        )
        claims = dict(token["userinfo"])
        if "email" not in claims:
            person = self.userinfo(token=token)
            if person.get("sub") != claims["sub"]:
                raise Refused("userinfo is about somebody else")
            claims |= {name: person.get(name) for name in ("email", "email_verified")}
        return claims


def city() -> City:
    found: City = OAuth().register(
        "city",
        client_cls=City,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_SERVER_URL}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )
    return found
