"""Public pages about people; tokens are signed (``volunteers/links/signing.py``)."""

from django.urls import URLPattern, path

from .views import (
    applications,
    certificates,
    companions,
    contact,
    hours,
    invitations,
    messages,
    my_data,
    my_page,
    new_address,
    preparation,
    registrations,
    seat_offers,
    staying,
    tandems,
)

app_name = "volunteers"
urlpatterns: list[URLPattern] = [
    path("anmelden/", applications.sign_up, name="sign_up"),
    path("anmelden/danke/", applications.sign_up_done, name="sign_up_done"),
    path("anmelden/<slug:slug>/", applications.sign_up, name="sign_up_entry"),
    path("anmeldung/bestaetigen/<str:token>/", applications.confirm, name="confirm"),
    path("anmeldung/<str:token>/", applications.status, name="status"),
    path("anmeldung/<str:token>/aendern/", applications.revise, name="revise"),
    path("anmeldung/<str:token>/zurueckziehen/", applications.withdraw, name="withdraw"),
    path("anmeldung/<str:token>/konto/", applications.open_account, name="open_account"),
    path("anmeldung/<str:token>/nachricht/", messages.write, name="message"),
    path(
        "anmeldung/<str:token>/erklaerung/<int:step_id>/", preparation.commitment, name="commitment"
    ),
    path(
        "anmeldung/<str:token>/brief-meldebehoerde.pdf",
        preparation.conduct_check_letter,
        name="conduct_check_letter",
    ),
    path("rueckmeldung/<str:token>/<slug:answer>/", contact.contact, name="contact"),
    path("daten-behalten/<str:token>/", staying.stay, name="stay"),
    path("begleitung/", companions.ask, name="companion"),
    path("begleitung/danke/", companions.done, name="companion_done"),
    path("begleitung/bestaetigen/<str:token>/", companions.confirm, name="companion_confirm"),
    path("begleitung/<str:token>/", companions.status, name="companion_status"),
    path("begleitung/<str:token>/aendern/", companions.revise, name="companion_revise"),
    path("begleitung/<str:token>/beenden/", companions.withdraw, name="companion_withdraw"),
    path("tandem/<str:token>/antwort/", tandems.answer, name="tandem_answer"),
    path("tandem/<str:token>/ende/", tandems.end, name="tandem_end"),
    path("tandem/<str:token>/unterstuetzung/", tandems.support, name="tandem_support"),
    path("tandem/<str:token>/wieder-bereit/", tandems.again, name="tandem_again"),
    path("wie-laeuft-es/<str:token>/<slug:reply>/", tandems.check_in, name="check_in"),
    path("anmeldung/<str:token>/stunden/", hours.hours, name="hours"),
    path("anmeldung/<str:token>/stunden/<int:pk>/", hours.change_hours, name="change_hours"),
    path(
        "anmeldung/<str:token>/stunden/<int:pk>/loeschen/", hours.delete_hours, name="delete_hours"
    ),
    path("einladung/<str:token>/", invitations.invitation, name="invitation"),
    path("nachweis/", certificates.enter_code, name="enter_code"),
    path("nachweis/pdf/<str:token>/", certificates.download, name="certificate_pdf"),
    path("nachweis/<str:code>/", certificates.verify, name="verify"),
    path("meine-seite/", my_page.my_page, name="my_page"),
    path("meine-seite/<str:token>/", my_page.my_page_by_link, name="my_page_by_link"),
    path("meine-seite/<str:token>/neuer-link/", my_page.new_link, name="my_page_new_link"),
    path(
        "meine-seite/<str:token>/einwilligung/<int:consent_id>/",
        my_page.withdraw,
        name="withdraw_consent",
    ),
    path("meine-seite/<str:token>/meine-daten/", my_data.from_my_page, name="my_data_from_my_page"),
    path("meine-daten/", my_data.my_data, name="my_data"),
    path("meine-daten/postfach/", my_data.sent, name="my_data_sent"),
    path("meine-daten/geloescht/", my_data.erased, name="my_data_erased"),
    path("meine-daten/<str:token>/", my_data.by_mailed_link, name="my_data_by_link"),
    path("meine-daten/<str:token>/neuer-link/", my_data.new_link, name="my_data_new_link"),
    path("meine-daten/<str:token>/herunterladen/", my_data.download, name="my_data_download"),
    path("meine-daten/<str:token>/berichtigen/", my_data.correct, name="my_data_correct"),
    path("meine-daten/<str:token>/adresse/", new_address.ask, name="my_data_address"),
    path("neue-adresse/<str:token>/", new_address.confirm, name="new_address"),
    path("meine-daten/<str:token>/loeschen/", my_data.erase, name="my_data_erase"),
    path("termine/<slug:slug>/anmelden/", registrations.register, name="register"),
    path("teilnahme/danke/", registrations.register_done, name="register_done"),
    path("teilnahme/bestaetigen/<str:token>/", registrations.confirm, name="registration_confirm"),
    path("teilnahme/<str:token>/", registrations.registration, name="registration"),
    path(
        "teilnahme/<str:token>/kalender.ics", registrations.calendar, name="registration_calendar"
    ),
    path("teilnahme/<str:token>/annehmen/", seat_offers.accept, name="registration_accept"),
    path("teilnahme/<str:token>/absagen/", registrations.cancel, name="registration_cancel"),
    path("teilnahme/<str:token>/doch-kommen/", registrations.rejoin, name="registration_rejoin"),
]
