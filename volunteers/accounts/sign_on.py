"""The city's single sign-on (OpenID Connect), beside the code by mail.

Off unless ``OIDC_SERVER_URL`` is set. Only the provider in the settings is trusted, and only in one
point: that a user owns the e-mail address in the claims, if ``email_verified`` is true. So the
account with this address is opened and connected. If there is none, one is made without any role,
which can do nothing in the admin. Other claims than subject and address are not stored.

allauth handles the flow (state bound to the session, PKCE, error pages). It relies on TLS instead
of the ID token's signature and does not use a nonce; both are checked here, see OpenID Connect Core
1.0, 3.1.3.7.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
    get_adapter,
)
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from csp.decorators import csp_update
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from requests import RequestException

from ..guard import limits, security_log
from ..models import SecurityEvent, User

logger = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
"""Signatures with a public key only; no shared secret, and not «none»."""
CLAIMS = ["iss", "sub", "aud", "exp", "iat"]
LEEWAY = 60  # seconds by which the clocks may differ
CONFIGURATION_SECONDS = 600
"""How long the provider's configuration is cached."""
SECOND_FACTOR = "second_factor_by_city"
"""Session key: the city asked for a second factor at this sign-on."""

View = Callable[..., HttpResponseBase]


class Refused(ProviderException):
    """The provider's data does not prove who the user is; the message is for the log."""


class CityAdapter(OpenIDConnectOAuth2Adapter):
    """One sign-on with the provider: its configuration, and the user that it reports."""

    nonce = ""
    claims: dict[str, Any] = {}

    def __init__(self, request: HttpRequest, provider_id: str = "") -> None:
        super().__init__(request, provider_id or CitySignOn.id)

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's configuration. Raises ``Refused`` if it is for another issuer."""
        server = self.get_provider().app.settings["server_url"]
        found: dict[str, Any] | None = cache.get(f"oidc.{server}")
        if found is None:
            found = dict(super().openid_config)
            if str(found.get("issuer", "")).rstrip("/") != server.rstrip("/"):
                raise Refused("issuer differs from OIDC_SERVER_URL")
            cache.set(f"oidc.{server}", found, CONFIGURATION_SECONDS)
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("city_sign_on_callback"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        self.claims = claims = self._decode_id_token(app, kwargs["response"].get("id_token", ""))
        if "email" not in claims:
            person = self._fetch_user_info(token.token)
            if person.get("sub") != claims["sub"]:
                raise Refused("userinfo is about somebody else")
            claims |= {name: person.get(name) for name in ("email", "email_verified")}
        return self.get_provider().sociallogin_from_response(request, claims)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The claims, after checking signature, issuer, audience, times and nonce."""
        key = self._key_of(jwt.get_unverified_header(id_token).get("kid"))
        claims = jwt.decode(
            id_token,
            key,
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=self.openid_config["issuer"],
            leeway=LEEWAY,
            options={"require": CLAIMS},
        )
        if len(str(claims["sub"])) > app_settings.UID_MAX_LENGTH:
            raise Refused("number too long")
        if not self.nonce or not constant_time_compare(str(claims.get("nonce")), self.nonce):
            raise Refused("nonce")
        if claims.get("azp", app.client_id) != app.client_id:
            raise Refused("made out to another client")
        return claims

    def _key_of(self, kid: str | None) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        for key in keys:
            if key.key_id == kid and key.public_key_use in {None, "sig"}:
                return key
        raise Refused("unknown key")

    @property
    def proved_second_factor(self) -> bool:
        """From the ID token (``amr`` contains ``mfa``, RFC 8176), or because the settings say so."""
        methods = self.claims.get("amr")
        says_so = isinstance(methods, list) and "mfa" in methods
        return bool(self.claims) and (says_so or settings.OIDC_IS_SECOND_FACTOR)

    def is_about(self, user: Any) -> bool:
        """Whether ``user`` is the one whom the city sent, and not somebody who was logged in before."""
        number = self.claims.get("sub")
        own = SocialAccount.objects.filter(provider=CitySignOn.id, uid=number, user=user.pk)
        return bool(own.exists())


class CitySignOn(OpenIDConnectProvider):
    """allauth's provider class: only one provider, with its own URLs and a nonce."""

    id = "city"
    name = "OpenID Connect"
    oauth2_adapter_class = CityAdapter

    def get_login_url(self, request: HttpRequest, **kwargs: str) -> str:
        url = reverse("city_sign_on")
        return f"{url}?{urlencode(kwargs)}" if kwargs else url

    def get_callback_url(self) -> str:
        return reverse("city_sign_on_callback")

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """The query string may only choose the page after the login, nothing else."""
        asked = super().get_redirect_from_request_kwargs(request)
        return {"process": "login", "next_url": asked.get("next_url")}

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        nonce = get_random_string(32)
        auth_params = {"nonce": nonce}
        answer: HttpResponse = super().redirect(
            request, process, auth_params=auth_params, nonce=nonce, **kwargs
        )
        return answer

    def get_scope(self) -> list[str]:
        return ["openid", "email"]

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Verified only if the provider sends the boolean ``true``, not a text that looks like it."""
        proven = {**data, "email_verified": data.get("email_verified") is True}
        found: list[Any] = super().extract_email_addresses(proven)
        return found


class SignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's adapter for the sign-on."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only providers from the settings: nobody can add a second one in the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Without a verified address nobody gets in, not even with a connected account."""
        if not any(address.verified for address in sociallogin.email_addresses):
            self._note(sociallogin.state)
            answer = render(request, "socialaccount/unverified.html", status=403)
            raise ImmediateHttpResponse(answer)
        if sociallogin.is_existing:
            self._confirm_address(sociallogin.user, sociallogin.email_addresses[0].email)

    def _confirm_address(self, user: User, email: str) -> None:
        """The provider also confirms the account's address.

        A password that was set before is removed: somebody else may have made the account and
        waited.
        """
        if user.email != email:
            return
        address, _ = EmailAddress.objects.get_or_create(
            user=user, email=email, defaults={"primary": True}
        )
        if not address.verified:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            address.verified = True
            address.save(update_fields=["verified"])

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Errors of a sign-on that began here are security events; requests without one are not."""
        state = (kwargs.get("extra_context") or {}).get("state")
        if kwargs.get("error") != "cancelled":
            problem = kwargs.get("exception")
            reason = problem if isinstance(problem, Refused) else type(problem).__name__
            logger.warning("Sign-on by the city failed: %s", reason)
            self._note(state)

    def _note(self, state: dict[str, Any] | None) -> None:
        if state:
            security_log.record(SecurityEvent.Kind.LOGIN_FAILED)


class _Callback(OAuth2CallbackView):
    """Gives the nonce of the session to the adapter, which checks it."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")
        return state, answer


@require_POST
@limits.limited("city_sign_on")
def start(request: HttpRequest) -> HttpResponse:
    """Redirect the browser to the city's sign-on; 404 when none is configured."""
    return _round(request, OAuth2LoginView, CityAdapter(request))


def finish(request: HttpRequest) -> HttpResponse:
    """The callback; notes whether the city asked for a second factor.

    If the sign-on is refused, a user who was logged in before stays logged in, but the city's
    second factor does not count for them.
    """
    adapter = CityAdapter(request)
    answer = _round(request, _Callback, adapter)
    if adapter.proved_second_factor and adapter.is_about(request.user):
        request.session[SECOND_FACTOR] = True
    return answer


def _round(request: HttpRequest, view: Any, adapter: CityAdapter) -> HttpResponse:
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    try:
        answer: HttpResponse = view.adapter_view(adapter)(request)
    except (
        RequestException,
        ProviderException,
        PermissionDenied,
        jwt.PyJWTError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        # Whatever the provider, or somebody in its place, sends: show a page, never a server error.
        state = {"state": {"nonce": adapter.nonce}} if adapter.nonce else None
        answer = render_authentication_error(
            request, provider, exception=error, extra_context=state
        )
    return answer


def cancelled(request: HttpRequest) -> HttpResponse:
    """The person cancelled on the city's page."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    return render(request, "socialaccount/login_cancelled.html")


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the city asked for one when this session began."""
    return bool(request.session.get(SECOND_FACTOR))


def with_button(view: View) -> View:
    """A page with the button to the city's sign-on; allows its form to redirect to the city (CSP)."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csp_update({"form-action": settings.OIDC_ORIGINS})(view)(request, *args, **kwargs)

    return shown
