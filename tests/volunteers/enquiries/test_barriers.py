"""„Barriere melden“: from every page, without a name, for the office that answers questions, by a day."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.languages.addresses import in_language
from tests import factories
from tests.clients import client_of
from tests.people import person_at
from volunteers.forms.enquiries import without_keys
from volunteers.models import Enquiry
from volunteers.privacy import disclosure
from volunteers.reads.promising import promised

pytestmark = pytest.mark.django_db

FORM = "/barriere-melden/"
TYPED = {"page": "/termine/", "text": "Die Karte <b>liest</b> mein Vorleser nicht. مرحبا"}


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def katrin(office):
    return factories.make_member(office).user


def test_a_report_without_a_name_is_stored_mailed_and_thanked_for(client: Client, office, katrin):
    response = client.post(FORM, TYPED, follow=True)
    assert response.redirect_chain == [(reverse("volunteers:barrier_done"), 302)]
    found = Enquiry.objects.get()
    assert (found.page, found.text, found.organisation) == ("/termine/", TYPED["text"], office)
    assert (found.name, found.email, found.phone) == ("", "", "")
    assert found.answer_by == promised(office).answer_by
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == ([katrin.email], [])
    assert message.subject.startswith("Eine Barriere ist gemeldet")
    assert "Barriere auf der Seite /termine/" in message.body
    assert "Eine Antwort ist nicht gewünscht." in message.body


def test_who_wants_an_answer_gives_a_name_and_finds_it_again(client: Client, katrin):
    wants = TYPED | {"email": "Amina@Example.org"}
    refused = client.post(FORM, wants)
    assert (refused.status_code, Enquiry.objects.count()) == (422, 0)
    assert "Die Karte &lt;b&gt;liest&lt;/b&gt;" in refused.text
    answer = client.post(FORM, wants | {"name": "Amina"}, follow=True)
    assert "per E-Mail an amina@example.org" in answer.text
    (message,) = mail.outbox
    assert message.reply_to == ["amina@example.org"]
    amina = person_at("amina@example.org")
    tables = {t.model: t for one in disclosure.disclose(amina) for t in one.tables}
    assert "/termine/" in str(tables["volunteers.Enquiry"].rows)


def test_a_name_without_an_address_is_not_kept(client: Client, katrin):
    client.post(FORM, TYPED | {"name": "Amina"})
    assert Enquiry.objects.get().name == ""


def test_a_double_click_makes_one_report(client: Client, katrin):
    for _twice in range(2):
        client.post(FORM, TYPED)
    assert (Enquiry.objects.count(), len(mail.outbox)) == (1, 1)


def test_worklist_shows_it_until_somebody_has_noted_the_answer(client: Client, katrin):
    client.post(FORM, TYPED)
    staff = client_of(katrin)
    listed = reverse("admin:volunteers_enquiry_changelist") + "?beantwortet=nein"
    assert [one.about for one in staff.get(listed).context["cl"].result_list] == [
        "Barriere melden: /termine/"
    ]
    found = Enquiry.objects.get()
    staff.post(reverse("admin:volunteers_enquiry_change", args=[found.pk]), {"answered": "on"})
    found.refresh_from_db()
    assert found.is_answered
    assert not staff.get(listed).context["cl"].result_list


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("http://testserver/ar/termine/?q=x", "/ar/termine/"),
        (
            "http://testserver/anmeldung/ImE4MGYi:1tXyZ0:abc_DEF-123/stunden/",
            "/anmeldung//stunden/",
        ),
        ("https://elsewhere.example/termine/", ""),
        ("nonsense", ""),
    ],
)
def test_the_form_knows_the_page_before_but_no_link_of_a_person(
    client: Client, office, before, shown
):
    page = client.get(FORM, headers={"referer": before})
    assert page.context["form"].initial["page"] == shown
    assert "1tXyZ0" not in page.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "https://portal.example.org/anmeldung/ImE4:1tXyZ0:abc/",
            "https://portal.example.org/anmeldung//",
        ),
        ("/meine-seite/ImE4%3A1tXyZ0%3Aabc/?x=1", "/meine-seite//"),
        ("Startseite, ganz oben", "Startseite, ganz oben"),
    ],
)
def test_keys_of_links_are_not_kept(typed, kept):
    assert without_keys(typed) == kept


@pytest.mark.parametrize(
    "changed",
    [{"page": ""}, {"text": " "}, {"page": "x" * 301}, {"text": "a\0b"}, {"page": "a\nb"}],
)
def test_what_cannot_be_stored_is_said_and_stays(client: Client, katrin, changed):
    answer = client.post(FORM, TYPED | changed)
    assert (answer.status_code, Enquiry.objects.count()) == (422, 0)
    assert "error-summary" in answer.text


@pytest.mark.parametrize("language", ["de", "ar", "leichte-sprache"])
def test_every_page_leads_to_it_in_its_language(client: Client, office, language):
    for path in ("/", "/termine/", "/anmelden/"):
        page = client.get(in_language(path, language))
        assert f'href="{in_language(FORM, language)}"' in page.text
