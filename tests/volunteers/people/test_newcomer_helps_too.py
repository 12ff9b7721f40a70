"""A newcomer can take part as a volunteer and look for a companion at the same time."""

import pytest
from django.core import mail
from django.urls import reverse

from tests import factories
from tests.people import my_page_of, person_at
from tests.volunteers.applications.test_sign_up import links_in
from volunteers.links import tandems as tandem_links
from volunteers.matching.suggestions import for_request
from volunteers.models import Application, CompanionRequest, Tandem, Volunteer
from volunteers.privacy.erasing import erase_person
from volunteers.services import requests
from volunteers.services.applications import change_status, withdraw_application
from volunteers.services.tandems import propose

pytestmark = pytest.mark.django_db

EMAIL = "samira@example.org"
SAMIRA = {"name": "Samira Haddad", "email": EMAIL, "consent": "on"}


@pytest.fixture
def programme(circle):
    return factories.make_programme(organisation=circle, makes_tandems=True)


@pytest.fixture
def both(client, circle, katrin, programme):
    """Both forms are sent and confirmed by the mailed links; nobody had to choose between the two."""
    cafe = factories.make_entry("Sprachcafé", organisation=circle, newcomers_welcome=True)
    typed = {
        reverse("volunteers:companion"): {"age_group": "adult", "languages": ["ar"], "wish": ""},
        reverse("volunteers:sign_up_entry", args=[cafe.slug]): {"age": "adult"},
    }
    for address, more in typed.items():
        assert client.post(address, SAMIRA | more).status_code == 302
        (path,) = links_in(mail.outbox[-1])
        assert client.post(path).status_code == 302
    return CompanionRequest.objects.get(), Application.objects.get()


def test_both_records_are_open_and_of_one_person(both):
    request, application = both
    assert (request.status, application.status) == ("open", "new")
    assert application.volunteer == Volunteer.objects.get(email=EMAIL)
    assert person_at(EMAIL).others == ()


def test_my_page_shows_the_offer_and_the_search(client, both):
    request, _application = both
    page = client.get(my_page_of(EMAIL)).text
    assert "Sprachcafé" in page
    assert tandem_links.status_path(request) in page


def test_nobody_is_proposed_to_themselves(both, katrin, circle, programme):
    request, _application = both
    own = factories.make_ready(
        circle, SAMIRA["name"], email=EMAIL, volunteer=Volunteer.objects.get()
    )
    factories.make_ready(circle, "Amira Helferin")
    found = for_request(request, katrin)
    assert [pair.application.name for pair in found.fitting] == ["Amira Helferin"]
    assert own.pk in {pair.application.pk for pair in found.excluded}


def test_they_have_a_companion_and_are_one(both, katrin, circle):
    request, _application = both
    mine = factories.make_ready(
        circle, SAMIRA["name"], email=EMAIL, volunteer=Volunteer.objects.get()
    )
    companion = factories.make_ready(circle, "Amira Helferin")
    factories.make_tandem(request, companion)
    other = factories.make_request("Omar", organisation=circle)
    propose(request=other, application=mine, by=katrin)
    assert Tandem.objects.alive().count() == 2


def test_ending_one_leaves_the_other(both):
    request, application = both
    requests.withdraw_request(request=request)
    application.refresh_from_db()
    assert application.status == "new"


def test_leaving_the_offer_leaves_the_search(both, katrin):
    request, application = both
    change_status(application=application, status="in_contact", by=katrin)
    withdraw_application(application=application)
    request.refresh_from_db()
    assert request.status == "open"


def test_deleting_the_person_takes_both(both):
    erase_person(person=person_at(EMAIL))
    assert not CompanionRequest.objects.exists()
    assert not Application.objects.exists()
    assert not Volunteer.objects.exists()
