"""The portal's own behaviour of allauth."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.models import Membership, Organisation

from ..guard.limits import client_address
from ..models import User
from . import login


class AccountAdapter(DefaultAccountAdapter):
    """Formal German, and no messages on the next page, because each page says itself what happened."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "Dieses Konto ist ausgeschaltet. Bitte wenden Sie sich an die Stadt."
        ),
        "email_password_mismatch": _("E-Mail-Adresse oder Passwort stimmen nicht."),
        "enter_current_password": _("Bitte geben Sie Ihr jetziges Passwort ein."),
        "incorrect_code": _("Dieser Code stimmt nicht oder gilt nicht mehr."),
        "incorrect_password": _("Dieses Passwort stimmt nicht."),
        "rate_limited": _("Das waren zu viele Versuche. Bitte warten Sie einige Minuten."),
        "too_many_login_attempts": _(
            "Das waren zu viele Versuche. Bitte warten Sie einige Minuten."
        ),
        "unverified_primary_email": _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff start in the admin, whoever has an organisation to set up there; everybody else on „Meine Seite“."""
        if request.user.is_staff:
            waiting = Membership.objects.setting_up(request.user).first()
            if waiting is not None:
                return admin_path(Organisation, "set_up", waiting.organisation_id)
            return reverse("admin:index")
        url: str = super().get_login_redirect_url(request)
        return url

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Tries of a second factor count for this account."""
        request.session[login.LOGGING_IN] = user.pk
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for the second factor for ten minutes after it was set up: its code was just entered."""
        if app == "allauth.mfa" and login.has_just_set_up(self.request):
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Tries of a code count for the address that it was mailed to, known or not.

        Without an account the mail has the link to „Meine Seite“ in place of a code.
        """
        self.request.session[login.CODE_WENT_TO] = email
        pages = login.pages_at(email)  # for every mail: known or not, the work is the same
        if template_prefix == "account/email/unknown_account":
            context = {**context, **pages}
        super().send_mail(template_prefix, email, context)

    def send_account_already_exists_mail(self, email: str) -> None:
        """allauth's own mail leads to resetting a password, which nobody needs here."""
        self.send_mail("account/email/account_already_exists", email, {})

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same as for the rate limits; behind a proxy on a Unix socket allauth would find none and refuse."""
        return client_address(request)

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        return None


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _(
            "Ersatzcodes gibt es, sobald der zweite Faktor eingerichtet ist."
        ),
        "incorrect_code": _("Dieser Code stimmt nicht oder gilt nicht mehr."),
        "unverified_email": _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse."),
    }
