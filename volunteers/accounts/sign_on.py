"""The city's single sign-on (OpenID Connect), beside the code by mail.

Off unless ``OIDC_SERVER_URL`` is set. Only the provider in the settings is trusted, and only in one
point: that a user owns the e-mail address in the claims, if ``email_verified`` is true. So the
account with this address is opened and connected. If there is none, one is made without any role,
which can do nothing in the admin. Other claims than subject and address are not stored.

``city.py`` finds out who the user is, allauth logs the user in.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from authlib.common.errors import AuthlibBaseError
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from joserfc.errors import JoseError
from requests import RequestException

from ..guard import limits, security_log
from ..models import SecurityEvent, User
from .city import Refused, city

logger = logging.getLogger(__name__)

SECOND_FACTOR = "second_factor_by_city"
"""Session key: the city asked for a second factor at this sign-on."""
WANTED = "wanted_after_city_sign_on"
"""Session key: the page to open after the sign-on."""
FAILURES = (
    Refused,
    AuthlibBaseError,
    JoseError,
    RequestException,
    ImproperlyConfigured,  # allauth, if the subject is too long to store
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Whatever the provider, or somebody in its place, sends: show a page, never a server error."""

View = Callable[..., HttpResponseBase]


class CitySignOn(Provider):
    """allauth's provider class: only one provider, with its own URLs."""

    id = "city"
    uses_apps = False  # only the settings have one: nobody can add another in the database
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, app: None = None) -> None:
        super().__init__(request, app)
        self.name = settings.OIDC_NAME

    def get_login_url(self, request: HttpRequest, **kwargs: str) -> str:
        url = reverse("city_sign_on")
        return f"{url}?{urlencode(kwargs)}" if kwargs else url

    def extract_uid(self, data: dict[str, Any]) -> Any:
        return data["sub"]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Verified only if the provider sends the boolean ``true``, not a text that looks like it."""
        verified = data.get("email_verified") is True
        return [EmailAddress(email=data.get("email"), verified=verified, primary=True)]


class SignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's adapter for the sign-on."""

    def list_providers(self, request: HttpRequest) -> list[Provider]:
        """The city, if it is configured. Login pages show a button for each provider."""
        return super().list_providers(request) if settings.OIDC_SERVER_URL else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Without a verified address nobody gets in, not even with a connected account."""
        if not any(address.verified for address in sociallogin.email_addresses):
            security_log.record(SecurityEvent.Kind.LOGIN_FAILED)
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


def if_configured(view: View) -> View:
    """Answer 404 if no sign-on is configured."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponseBase:
        if not settings.OIDC_SERVER_URL:
            raise Http404
        return view(request)

    return shown


@require_POST
@limits.limited("city_sign_on")
@if_configured
def start(request: HttpRequest) -> HttpResponse:
    """Redirect the browser to the city's sign-on."""
    request.session[WANTED] = get_next_redirect_url(request)
    try:
        return city().redirect(request)
    except FAILURES as problem:
        return _failed(request, problem)


@limits.limited("city_sign_on", methods=("GET",))
@if_configured
def finish(request: HttpRequest) -> HttpResponse:
    """The callback; notes whether the city asked for a second factor.

    If the sign-on is refused, a user who was logged in before stays logged in, but the city's
    second factor does not count for them. Errors of a sign-on that began here are security events;
    requests without one are not.
    """
    provider = city()
    if not provider.has_begun(request):  # ask the provider nothing: anybody can open this URL
        return _failed(request, Refused("nobody began it in this session"))
    if request.GET.get("error") == "access_denied":
        return redirect("socialaccount_login_cancelled")
    try:
        claims = provider.claims(request)
        answer = _log_in(request, claims)
    except FAILURES as problem:
        security_log.record(SecurityEvent.Kind.LOGIN_FAILED)
        return _failed(request, problem)
    if _second_factor_in(claims) and _is_about(claims, request.user):
        request.session[SECOND_FACTOR] = True
    return answer


def _log_in(request: HttpRequest, claims: dict[str, Any]) -> HttpResponse:
    login = CitySignOn(request).sociallogin_from_response(request, claims)
    login.state = {"process": "login", "next": request.session.pop(WANTED, None)}
    answer: HttpResponse = complete_social_login(request, login)
    return answer


def _failed(request: HttpRequest, problem: Exception) -> HttpResponse:
    reason = problem if isinstance(problem, Refused) else type(problem).__name__
    logger.warning("Sign-on by the city failed: %s", reason)
    answer: HttpResponse = render_authentication_error(request, CitySignOn(request))
    return answer


def _second_factor_in(claims: dict[str, Any]) -> bool:
    """From the ID token (``amr`` contains ``mfa``, RFC 8176), or because the settings say so."""
    methods = claims.get("amr")
    says_so = isinstance(methods, list) and "mfa" in methods
    return says_so or settings.OIDC_IS_SECOND_FACTOR


def _is_about(claims: dict[str, Any], user: Any) -> bool:
    """Whether ``user`` is the one whom the city sent, and not somebody who was logged in before."""
    own = SocialAccount.objects.filter(provider=CitySignOn.id, uid=claims["sub"], user=user.pk)
    return bool(own.exists())


@if_configured
def cancelled(request: HttpRequest) -> HttpResponse:
    """The person cancelled on the city's page."""
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
