"""„Meine Daten“: who gets in, what the file contains, what correcting and withdrawing change."""

import io
import json
import zipfile

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import everything, factories
from tests.clients import client_of
from tests.people import mailbox, my_page_of, person_at
from volunteers.links import my_data as my_data_links
from volunteers.links import people as person_links
from volunteers.models import (
    Application,
    Consent,
    Receipt,
    Registration,
    SecurityEvent,
    User,
    Volunteer,
)
from volunteers.privacy import disclosure, packing
from volunteers.privacy.register import PROCESSINGS
from volunteers.reads.persons import Person

pytestmark = pytest.mark.django_db

EMAIL = "amira@example.org"
HOURS = 3600


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def amira(circle):
    return factories.make_application(circle, "Amira Haddad", email=EMAIL)


def path(name="my_data_by_link", *emails):
    return reverse(
        f"volunteers:{name}", args=[my_data_links.token_for(mailbox(*(emails or [EMAIL])))]
    )


def unpacked(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- The way in ---------------------------------------------------------------------------------


def test_answer_is_the_same_whether_the_address_is_known_and_the_mail_says_which(amira):
    answers = [
        Client().post(reverse("volunteers:my_data"), {"email": email})
        for email in (EMAIL.upper(), "niemand@example.org")
    ]
    assert [(one.status_code, one.url) for one in answers] == [
        (302, reverse("volunteers:my_data_sent"))
    ] * 2
    known, unknown = mail.outbox
    assert known.to == [EMAIL]
    assert known.subject == unknown.subject
    assert "/meine-daten/" in known.body
    assert "Es ist nichts gespeichert" in unknown.body
    assert "http" not in unknown.body


@pytest.mark.slow
def test_mailed_link_opens_the_page_and_expires(amira, time_machine, settings):
    time_machine.move_to("2026-11-22 12:00:00+01:00")
    address = path()
    assert Client().get(address).status_code == 200
    time_machine.shift(settings.MY_DATA_LINK_HOURS * HOURS + 1)
    response = Client().get(address)
    assert response.status_code == 410
    token = address.split("/")[-2]
    new = reverse("volunteers:my_data_new_link", args=[token])
    assert new in response.content.decode()
    assert Client().post(new).status_code == 302
    assert mail.outbox[-1].to == [EMAIL]
    for name in ("download", "correct", "erase"):
        old = reverse(f"volunteers:my_data_{name}", args=[token])
        assert Client().post(old).status_code == 410


@pytest.mark.parametrize("name", ["by_link", "correct", "erase"])
def test_link_of_my_page_and_inventions_open_nothing(amira, name):
    for token in (person_links.person_token(mailbox(EMAIL)), "erfunden", "a" * 3000):
        address = reverse(f"volunteers:my_data_{name}", args=[token])
        assert Client().get(address).status_code == 404


@pytest.mark.slow
def test_my_page_by_link_mails_a_fresh_link_and_by_login_leads_there(amira, time_machine):
    time_machine.move_to("2026-11-27 12:00:00+01:00", tick=False)
    page = Client().get(my_page_of(EMAIL)).content.decode()
    action = reverse(
        "volunteers:my_data_from_my_page", args=[person_links.person_token(mailbox(EMAIL))]
    )
    assert "Link an meine Adresse schicken" in page
    assert Client().get(action)["Location"] == my_page_of(EMAIL)
    assert Client().post(action).status_code == 302
    assert mail.outbox[-1].to == [EMAIL]
    user = factories.make_user(EMAIL)
    user.emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    client = client_of(user)
    assert reverse("volunteers:my_data") in client.get("/meine-seite/").content.decode()
    html = client.get(reverse("volunteers:my_data")).content.decode()
    assert "Anmeldung als Engagierte" in html


@pytest.mark.slow
def test_unproven_address_of_an_account_opens_nothing(amira):
    user = factories.make_user("zweite@example.org")
    user.emailaddress_set.create(email=EMAIL, verified=False)
    html = client_of(user).get(reverse("volunteers:my_data")).content.decode()
    assert "Anmeldung als Engagierte" not in html


@pytest.mark.parametrize(
    "typed", ["", "kein-at", "a" * 10000 + "@example.org", "x\x00@example.org"]
)
def test_nonsense_is_told_and_mails_nobody(typed):
    response = Client().post(reverse("volunteers:my_data"), {"email": typed})
    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert mail.outbox == []


def test_program_gets_the_same_thanks_and_no_mail(amira):
    data = {"email": EMAIL, "website": "http://spam.example"}
    assert Client().post(reverse("volunteers:my_data"), data).status_code == 302
    assert mail.outbox == []


def test_fourth_request_for_one_mailbox_within_the_hour_waits(amira, real_limits):
    times, _seconds = real_limits["own_link"]["pair"]
    answers = [
        Client().post(reverse("volunteers:my_data"), {"email": EMAIL}) for _ in range(times + 1)
    ]
    assert [one.status_code for one in answers] == [302] * times + [429]
    assert len(mail.outbox) == times
    assert "Retry-After" in answers[-1]


# --- The file -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_field_of_the_register_leads_to_its_person_and_stands_in_the_file():
    """Fails for a new model in the register that has no lookup to its person."""
    everything.build()
    person = person_at(everything.EMAIL, everything.SECOND)
    told = {
        (activity.about.key, table.model): {cell.name for row in table.rows for cell in row}
        for activity in disclosure.disclose(person)
        for table in activity.tables
    }
    looked = 0
    for processing in PROCESSINGS:
        for model, names in processing.fields.items():
            if model in disclosure.NOT_FOUND:
                continue
            rows = disclosure.rows_of(processing, model, person)
            if not rows.exists() or processing.key == disclosure.HANDLING:
                continue
            assert told[processing.key, model] >= set(names), model
            looked += len(names)
    assert looked > 120


def test_reason_why_something_is_missing_is_given_once():
    factories.make_volunteer(email="a@example.org")
    told = [one.missing for one in disclosure.disclose(Person(("a@example.org",), ""))]
    assert sum(map(len, told)) > 5
    assert all(len(reasons) == len(set(reasons)) for reasons in told)


def test_model_without_a_way_to_its_person_is_refused():
    from dataclasses import replace

    lost = replace(PROCESSINGS[0], owned_by={})
    with pytest.raises(LookupError, match=r"volunteers\.Application"):
        disclosure.rows_of(lost, "volunteers.Application", Person(("a@example.org",), ""))


@pytest.mark.slow
def test_download_holds_page_json_and_certificates_and_is_logged():
    built = everything.build()
    client = built.client
    address = path("my_data_download", everything.EMAIL, everything.SECOND)
    assert client.get(address).status_code == 302
    response = client.post(address)
    assert response["Content-Type"] == "application/zip"
    files = unpacked(response)
    code = built.volunteer.certificates.get().printed_code
    receipt = Receipt.objects.get()
    pictures = {f"nachweise/{code}.pdf", f"belege/{receipt.pk}.jpg"}
    assert set(files) == {"meine-daten.html", "meine-daten.json", *pictures}
    assert files[f"belege/{receipt.pk}.jpg"] == bytes(receipt.data)
    assert files[f"nachweise/{code}.pdf"].startswith(b"%PDF")
    html = files["meine-daten.html"].decode()
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert everything.PHONE in html
    data = json.loads(files["meine-daten.json"])
    assert data["format"] == packing.FORMAT
    records = {key: rows for one in data["activities"] for key, rows in one["records"].items()}
    [volunteer] = records["volunteers.Volunteer"]
    assert volunteer["name"] == everything.NAME
    assert volunteer["languages"] == ["de", "ar"]
    [event] = SecurityEvent.objects.filter(kind="data_downloaded")
    assert event.by == built.user
    assert event.about == ""


@pytest.mark.slow
def test_file_says_nothing_about_others():
    """No names of staff, no text of the other side of a tandem, no mail about others."""
    built = everything.build()
    User.objects.filter(pk=built.katrin.pk).update(name="Katrin Geheimnis")
    built.tandem.newcomer_closing = "Samiras Abschied"
    built.tandem.save()
    text = "".join(packing.json_pieces(person_at(everything.EMAIL)))
    page = "".join(packing.html_pieces(person_at(everything.EMAIL)))
    assert everything.NAME in text
    for secret in (
        "Katrin",
        "Samiras Abschied",
        "samira@example.org",
        "ist nett",
        "geheim",
        "Ali ",
    ):
        assert secret not in text
        assert secret not in page
    told = packing.json_pieces(person_at("samira@example.org"))
    newcomer = "".join(told)
    assert "Samiras Abschied" in newcomer
    for own in ("ist nett", "hilft"):  # her check-in, and her proposal for the agreement of both
        newcomer = newcomer.replace(f"{everything.NAME} {own}", "")
    assert "Quäckenbüsch" not in newcomer


@pytest.mark.slow
def test_other_one_of_a_proposal_is_not_named(circle):
    application = factories.make_ready(circle, "Amira Haddad", email=EMAIL)
    request = factories.make_request("Samira", organisation=circle)
    factories.make_tandem(
        request,
        application,
        status="proposed",
        started_on=None,
        volunteer_answer="",
        newcomer_answer="",
    )
    assert "Samira" not in "".join(packing.json_pieces(person_at(EMAIL)))
    assert "Amira" not in "".join(packing.json_pieces(person_at(request.email)))


@pytest.mark.slow
def test_foreign_scripts_and_html_are_shown_as_text(circle):
    name = "عميرة <script>alert(1)</script> & Co"
    application = factories.make_application(circle, name, email=EMAIL)
    application.consents.create(purpose=Consent.Purpose.APPLICATION, text_version="2026-11")
    html = "".join(packing.html_pieces(person_at(EMAIL)))
    assert "عميرة &lt;script&gt;" in html
    assert "<script" not in html
    assert '<dd dir="auto">' in html
    data = json.loads("".join(packing.json_pieces(person_at(EMAIL))))
    assert data["activities"][0]["records"]["volunteers.Application"][0]["name"] == name


@pytest.mark.slow
def test_somebody_else_gets_nothing_of_it(amira):
    factories.make_application(amira.organisation, "Ben Beispiel", email="ben@example.org")
    files = unpacked(Client().post(path("my_data_download", "ben@example.org")))
    assert b"Amira" not in b"".join(files.values())


# --- Correcting ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_correcting_changes_profile_open_applications_and_coming_events(amira, circle):
    closed = factories.make_application(
        circle,
        "Amira Alt",
        entry=factories.make_entry(organisation=circle),
        volunteer=amira.volunteer,
        status="withdrawn",
    )
    registration = factories.make_registration(factories.make_event(), email=EMAIL)
    west = factories.make_district("west")
    data = {
        "name": "Amira Neu",
        "phone": "0711 216 5",
        "languages": ["ar", "de"],
        "districts": [west.pk],
        "weekdays": ["1"],
        "about": "Ich koche gern",
    }
    response = Client().post(path("my_data_correct"), data)
    assert response.status_code == 302
    assert "berichtigt" in Client().get(response.url).content.decode()
    for one in (
        Volunteer.objects.get(email=EMAIL),
        Application.objects.get(pk=amira.pk),
    ):
        assert (one.name, one.phone, one.languages) == ("Amira Neu", "0711 216 5", ["ar", "de"])
        assert list(one.districts.all()) == [west]
    assert Volunteer.objects.get(email=EMAIL).about == "Ich koche gern"
    assert Registration.objects.get(pk=registration.pk).name == "Amira Neu"
    assert Application.objects.get(pk=closed.pk).name == "Amira Alt"


def test_whoever_only_came_to_an_event_corrects_the_name(circle):
    factories.make_registration(factories.make_event(organisation=circle), "Ami", email=EMAIL)
    html = Client().get(path("my_data_correct")).content.decode()
    assert "Telefon" not in html
    assert Client().post(path("my_data_correct"), {"name": ""}).status_code == 422
    assert Client().post(path("my_data_correct"), {"name": "Amira"}).status_code == 302
    assert Registration.objects.get().name == "Amira"


@pytest.mark.slow
def test_newcomer_corrects_the_request_by_its_own_form(circle):
    factories.make_request("Samira", organisation=circle, email=EMAIL)
    html = Client().get(path()).content.decode()
    assert "/begleitung/" in html
    assert "/berichtigen/" not in html


def test_bad_correction_keeps_what_was_typed(amira):
    response = Client().post(path("my_data_correct"), {"name": "Amira\u202e", "phone": "0" * 50})
    assert response.status_code == 422
    assert "0" * 50 in response.content.decode()
    amira.refresh_from_db()
    assert amira.name == "Amira Haddad"


# --- Consents -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_consent_is_withdrawn_from_my_page_with_one_click_that_says_what_stops(amira):
    consent = amira.consents.create(purpose=Consent.Purpose.APPLICATION, text_version="2026-11")
    page = Client(enforce_csrf_checks=False).get(my_page_of(EMAIL)).content.decode()
    action = reverse(
        "volunteers:withdraw_consent", args=[person_links.person_token(mailbox(EMAIL)), consent.pk]
    )
    assert "Wenn Sie widerrufen, ist auch Ihre Anmeldung zurückgezogen" in page
    assert "Text vom Stand 2026-11" in page
    [form] = [one for one in page.split("<form") if f"/einwilligung/{consent.pk}/" in one]
    assert 'method="post"' in form
    assert "<details" not in page.split("Meine Einwilligungen")[1].split("Meine Daten")[0]
    assert Client().post(action).status_code == 302
    consent.refresh_from_db()
    amira.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert amira.status == "withdrawn"
    assert consent.text_version == "2026-11"
