"""The pages of allauth that the portal uses: login, logout, creating an account, second factor.

Pages to change an address or a password are left out: the code by mail needs neither. The URL names
are those that allauth itself reverses.
"""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from ..guard.evenly import evenly
from ..guard.limits import account, counts, limited, posted
from ..guard.way_back import keeps_way_back
from . import codes, sign_on
from .login import code_went_to, logging_in

# Requests that send mail or check a secret are counted (settings.RATE_LIMITS), right secrets are not.
# Pages that look up an address take the same time for every address.
login = limited("login", target=posted("login"), wrong_only=True)
mails_code = limited("login_code", target=posted("email"))
makes_account = limited("account", target=posted("email"))
checks_code = limited("enter_code", target=code_went_to, wrong_only=True)
checks_factor = limited("second_factor", target=logging_in, wrong_only=True)
asks_again = limited("second_factor", target=account, wrong_only=True)

urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="volunteers:my_page"), name="account_email"),
    path("anmelden/", login(evenly(sign_on.with_button(views.login))), name="account_login"),
    path(
        "code/",
        keeps_way_back(mails_code(evenly(sign_on.with_button(codes.ask_for_code)))),
        name="account_request_login_code",
    ),
    path(
        "code/eingeben/",
        checks_code(evenly(codes.enter_login_code)),
        name="account_confirm_login_code",
    ),
    path("code/neu/", counts("login_code")(evenly(codes.another_code)), name="code_again"),
    path("code/andere-adresse/", codes.another_address, name="another_address"),
    path("anlegen/", makes_account(evenly(views.signup)), name="account_signup"),
    path(
        "anlegen/code/",
        checks_code(evenly(codes.enter_address_code)),
        name="account_email_verification_sent",
    ),
    path("abmelden/", views.logout, name="account_logout"),
    path("bestaetigen/", asks_again(views.reauthenticate), name="account_reauthenticate"),
    path("zweiter-faktor/", second_factor.index, name="mfa_index"),
    path(
        "zweiter-faktor/eingeben/",
        checks_factor(second_factor.authenticate),
        name="mfa_authenticate",
    ),
    path(
        "zweiter-faktor/bestaetigen/",
        asks_again(second_factor.reauthenticate),
        name="mfa_reauthenticate",
    ),
    path("zweiter-faktor/einrichten/", asks_again(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "zweiter-faktor/abschalten/", asks_again(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path("ersatzcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "ersatzcodes/neu/",
        asks_again(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "ersatzcodes/datei/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("stadt/", sign_on.start, name="city_sign_on"),
    path("stadt/zurueck/", sign_on.finish, name="city_sign_on_callback"),
    path("stadt/abgebrochen/", sign_on.cancelled, name="socialaccount_login_cancelled"),
    path("ausgeschaltet/", views.account_inactive, name="account_inactive"),
]
