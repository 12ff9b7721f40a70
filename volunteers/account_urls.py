"""The pages of allauth that this portal has: log in, log out, make an account.

Changing an address or a password is not among them: the code by mail needs neither. Names are the
ones that allauth itself looks up.
"""

from allauth.account import views
from django.urls import URLPattern, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(pattern_name="volunteers:my_page"), name="account_email"),
    path("anmelden/", views.login, name="account_login"),
    path("code/", views.request_login_code, name="account_request_login_code"),
    path("code/eingeben/", views.confirm_login_code, name="account_confirm_login_code"),
    path("anlegen/", views.signup, name="account_signup"),
    path(
        "anlegen/code/",
        views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("abmelden/", views.logout, name="account_logout"),
    path("ausgeschaltet/", views.account_inactive, name="account_inactive"),
]
