"""One search over everything that somebody may see (``portal/worklist/finding.py``)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.worklist.finding import KINDS
from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def search(user, question):
    return client_of(user).get(reverse("admin:find"), {"q": question})


def hits_on(page):
    return {url for group in page.context["found"] for url, name in group.rows}


def test_one_search_finds_people_events_and_entries(katrin, circle):
    amira = factories.make_application(circle, "Amira Müller")
    request = factories.make_request("Müllerin", organisation=circle)
    event = factories.make_event("Feuerbacher Mueller-Fest", organisation=circle)
    assert hits_on(search(katrin, "MUELLER")) == {
        admin_path(amira),
        admin_path(request),
        admin_path(event),
    }
    assert admin_path(circle.entry_ptr) in hits_on(search(katrin, "feuerb"))


def test_nobody_finds_what_they_may_not_see(katrin, circle):
    other = factories.make_circle("Freundeskreis Vaihingen")
    theirs = factories.make_application(other, "Zarathustra Fremd")
    factories.make_request("Zarathustra Sucht", organisation=other)
    assert hits_on(search(katrin, "Zarathustra")) == set()
    assert "Nichts gefunden" in search(katrin, "Zarathustra").text
    assert hits_on(search(factories.make_member(other).user, "Zarathustra")) >= {admin_path(theirs)}


@pytest.mark.parametrize("role", ["reporting", "trust"])
def test_who_sees_figures_only_finds_no_person(role, circle):
    factories.make_application(circle, "Zarathustra Fremd")
    user = factories.make_member(factories.make_clearing_office(), role=role).user
    assert hits_on(search(user, "Zarathustra")) == set()


def test_only_who_sees_records_of_people_finds_them(admin_client, circle, katrin):
    amira = factories.make_application(circle, "Amira Müller")
    found = hits_on(admin_client.get(reverse("admin:find"), {"q": "amira"}))
    assert admin_path(amira.volunteer) in found
    assert admin_path(amira.volunteer) not in hits_on(search(katrin, "amira"))


def test_a_long_list_leads_to_all_of_them(katrin, circle):
    for number in range(6):
        factories.make_application(circle, f"Amira {number}")
    page = search(katrin, "amira")
    (group,) = page.context["found"]
    assert len(group.rows) == 5
    assert group.more.endswith("/volunteers/application/?q=amira")
    assert client_of(katrin).get(group.more).status_code == 200


@pytest.mark.parametrize(
    "question", ["", "  ", "\x00", "a" * 5000, "<b>&", "' OR 1=1", "اميرة", '"']
)
def test_odd_questions_are_answered(katrin, question):
    page = search(katrin, question)
    assert page.status_code == 200
    assert hits_on(page) == set()


def test_the_number_of_queries_does_not_grow_with_the_hits(
    katrin, circle, django_assert_max_num_queries
):
    client = client_of(katrin)
    client.get(reverse("admin:index"))
    for number in range(5):
        factories.make_application(circle, f"Amira {number}")
        factories.make_request(f"Amira {number}", organisation=circle)
        factories.make_event(f"Amira {number}", organisation=circle)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:find"), {"q": "amira"})
    assert len(hits_on(page)) == 15
    assert Volunteer.objects.count() == 5


def test_every_page_of_the_administration_has_the_search(katrin):
    for address in ("admin:index", "admin:who_may", "admin:volunteers_application_changelist"):
        page = client_of(katrin).get(reverse(address))
        assert f'action="{reverse("admin:find")}"' in page.text


def test_all_kinds_are_found_in_few_queries_and_called_as_everywhere(circle):
    """What a name is made of stands in ``KINDS``; what is forgotten there would be a query for each row."""
    boss = factories.make_user("leitung@example.org", is_superuser=True)
    application = factories.make_application(circle, "Zarathustra Eins")
    request = factories.make_request("Zarathustra Zwei", organisation=circle)
    event = factories.make_event("Zarathustra Drei", organisation=circle)
    entry = factories.make_entry("Zarathustra liest", organisation=circle)
    zarathustra = factories.make_user("zarathustra@example.org", name="Zarathustra Vier")
    records = [
        application,
        application.volunteer,
        factories.make_application(circle, "Zarathustra Offen", entry=None),
        request,
        factories.make_tandem(request, application),
        factories.make_date("Zarathustra Fünf"),
        entry,
        event,
        factories.make_registration(event, "Zarathustra Sechs"),
        factories.make_enquiry(entry, "Zarathustra Sieben"),
        factories.make_conduct_check(application, boss),
        factories.make_certificate(application),
        factories.make_member(circle, zarathustra),
    ]
    client = client_of(boss)
    client.get(reverse("admin:find"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("admin:find"), {"q": "Zarathustra"})
    assert len(page.context["found"]) == len(KINDS)
    names = {name for group in page.context["found"] for _url, name in group.rows}
    assert names >= {str(one) for one in records}
    assert len(asked) <= 10
