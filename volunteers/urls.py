"""Sign-up and what follows; tokens are signed (``volunteers/links.py``)."""

from django.urls import URLPattern, path

from . import views

app_name = "volunteers"
urlpatterns: list[URLPattern] = [
    path("anmelden/", views.sign_up, name="sign_up"),
    path("anmelden/danke/", views.sign_up_done, name="sign_up_done"),
    path("anmelden/<slug:slug>/", views.sign_up, name="sign_up_entry"),
    path("anmeldung/bestaetigen/<str:token>/", views.confirm, name="confirm"),
    path("anmeldung/<str:token>/", views.status, name="status"),
    path("anmeldung/<str:token>/aendern/", views.revise, name="revise"),
    path("anmeldung/<str:token>/zurueckziehen/", views.withdraw, name="withdraw"),
    path("anmeldung/<str:token>/konto/", views.open_account, name="open_account"),
    path("meine-seite/", views.my_page, name="my_page"),
]
