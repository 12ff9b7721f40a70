"""In which language the portal writes: asked once with each form, kept, changed once for everything."""

from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from tests import factories
from volunteers.links import applications as application_links
from volunteers.links import people as person_links
from volunteers.links import tandems as tandem_links
from volunteers.links.whose import whose
from volunteers.models import (
    Application,
    CompanionRequest,
    DateRequest,
    OutgoingMail,
    Registration,
    Volunteer,
)
from volunteers.models.reading import ReadsMixin, known_language, named_languages, tag_of
from volunteers.privacy import erasing
from volunteers.privacy.language import write_in
from volunteers.reads import persons
from volunteers.reads.languages import language_of

pytestmark = pytest.mark.django_db

EMAIL = "amira@example.org"


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


def sign_up(client, circle, **changes):
    form = {"name": "Amira Haddad", "email": EMAIL, "age": "adult", "consent": "on"}
    url = reverse("volunteers:sign_up_entry", args=[circle.slug])
    answer = client.post(url, {**form, **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    return Application.objects.latest("pk")


def test_form_shows_the_language_of_the_page_and_each_language_in_its_own_words(client, circle):
    with translation.override("uk"):
        url = reverse("volunteers:sign_up_entry", args=[circle.slug])
    page = client.get(url, HTTP_ACCEPT_LANGUAGE="de").text
    assert "Українська" in page
    assert "العربية" in page


def test_sign_up_keeps_the_language_and_so_does_the_record_of_the_person(client, circle):
    application = sign_up(client, circle, preferred_language="uk")
    assert application.preferred_language == "uk"
    client.post(urlsplit(application_links.confirm_url(application)).path)
    application.refresh_from_db()
    assert application.volunteer.preferred_language == "uk"


@pytest.mark.parametrize("typed", ["xx", "de; drop", "\x00", "de" * 400])
def test_a_language_that_the_portal_does_not_speak_is_refused(client, circle, typed):
    form = {"name": "Amira", "email": EMAIL, "age": "adult", "consent": "on"}
    url = reverse("volunteers:sign_up_entry", args=[circle.slug])
    answer = client.post(url, {**form, "preferred_language": typed})
    assert answer.status_code == 422
    assert "preferred_language" in answer.context["form"].errors
    assert not Application.objects.exists()


def test_a_form_that_was_open_before_counts_as_in_the_language_of_the_page(client, circle):
    assert sign_up(client, circle).preferred_language == "de"


def test_a_name_says_nothing_about_the_language(client, circle):
    assert sign_up(client, circle, name="أمينة الحسن").preferred_language == "de"


def test_everything_by_which_the_portal_writes_to_somebody_has_a_language():
    having = {one.__name__ for one in apps.get_models() if issubclass(one, ReadsMixin)}
    assert having >= {
        *("Application", "Asker", "CompanionRequest", "CounsellingRequest", "DateRequest"),
        *("AccessRequest", "OrganisationProposal", "Registration", "SavedSearch", "Subscription"),
        "Volunteer",
    }


def test_a_new_language_needs_no_migration(settings):
    column = Application._meta.get_field("preferred_language")
    assert "choices" not in column.deconstruct()[3]
    settings.LANGUAGES = [*settings.LANGUAGES, ("ti", "ትግርኛ"), ("tlh", "tlhIngan Hol")]
    assert dict(named_languages())["ti"] == "Tigrinya"
    assert dict(named_languages())["tlh"] == "tlhIngan Hol"
    Application(preferred_language="tlh").clean_fields(
        exclude={one.name for one in Application._meta.fields} - {"preferred_language"}
    )


def test_who_reads_a_language_that_was_given_up_reads_german():
    assert known_language("tlh") == "de"
    assert known_language("uk") == "uk"
    assert tag_of("leichte-sprache") == "de-simple"


@pytest.fixture
def amira(circle):
    """Somebody who helps, comes to an event, looks for a companion and asks for a date, all in German."""
    application = factories.make_application(circle, "Amira Haddad", email=EMAIL)
    event = factories.make_event(organisation=circle)
    factories.make_registration(event, "Amira Haddad", email=EMAIL)
    factories.make_request("Amira Haddad", email=EMAIL, organisation=circle)
    factories.make_date("Amira Haddad", email=EMAIL)
    factories.make_application(circle, "Ben Haddad", email=EMAIL)
    return application


def languages():
    found = (Application, Volunteer, Registration, CompanionRequest, DateRequest)
    return {(one.name, one.preferred_language) for model in found for one in model.objects.all()}


def test_on_the_persons_page_the_language_is_changed_for_everything_of_that_person(client, amira):
    token = person_links.person_token(whose(amira))
    url = reverse("volunteers:my_page_language", args=[token])
    answer = client.post(url, {"preferred_language": "ar"})
    assert answer.status_code == 302
    assert languages() == {("Amira Haddad", "ar"), ("Ben Haddad", "de")}
    with translation.override("ar"):
        assert answer.url == reverse("volunteers:my_page_by_link", args=[token])
    page = client.get(reverse("volunteers:my_page_by_link", args=[token]))
    assert page.context["language_form"]["preferred_language"].value() == "ar"


def test_nonsense_changes_nothing(client, amira):
    token = person_links.person_token(whose(amira))
    client.post(reverse("volunteers:my_page_language", args=[token]), {"preferred_language": "<b>"})
    assert languages() == {("Amira Haddad", "de"), ("Ben Haddad", "de")}


def test_who_corrects_a_sign_up_changes_it_for_everything(client, amira):
    token = application_links.status_token(amira)
    url = reverse("volunteers:revise", args=[token])
    form = {"name": "Amira Haddad", "age": "adult", "preferred_language": "fa", "tandem_limit": "1"}
    answer = client.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert languages() == {("Amira Haddad", "fa"), ("Ben Haddad", "de")}


def test_who_corrects_a_search_changes_it_for_everything(client, amira):
    request = CompanionRequest.objects.get()
    url = reverse("volunteers:companion_revise", args=[tandem_links.status_token(request)])
    form = {
        "name": request.name, "age_group": "adult", "languages": ["ar"], "wish": "",
        "preferred_language": "tr",
    }  # fmt: skip
    answer = client.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert languages() == {("Amira Haddad", "tr"), ("Ben Haddad", "de")}


def test_the_last_mail_is_in_the_language_of_whoever_goes(amira, queued_mail):
    person = persons.find(whose(amira), everything=True)
    write_in(person=person, language="uk")
    assert language_of(person) == "uk"
    with translation.override("ar"):
        erasing.erase_person(person=person)
    sent = OutgoingMail.objects.filter(recipients=[EMAIL]).latest("pk")
    assert b"Content-Language: uk" in bytes(sent.content)


def test_the_persons_own_record_says_the_language_first(amira, django_assert_num_queries):
    amira.volunteer.preferred_language = "tr"
    amira.volunteer.save()
    person = persons.find(whose(amira), everything=True)
    with django_assert_num_queries(1):
        assert language_of(person) == "tr"
