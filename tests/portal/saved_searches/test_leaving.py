"""One click out (RFC 8058), the page of all searches of an address, and „Meine Daten“."""

import json
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import SavedSearch
from portal.saved_searches import links
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.links import my_data as my_data_links
from volunteers.privacy import readdressing
from volunteers.privacy.erasing import erase_person
from volunteers.reads.persons import Person, people_at

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
EMAIL, NEW = "amira@example.org", "neu@example.org"
STATUS = SavedSearch.Status


@pytest.fixture
def search():
    factories.make_district("feuerbach")
    return factories.make_saved_search(EMAIL, "bezirk=feuerbach&tag=samstag")


def running():
    return [*SavedSearch.objects.running().values_list("email", "query").order_by("pk")]


# --- leaving --------------------------------------------------------------------------------------


def test_a_mail_program_leaves_with_one_post_without_a_cookie(search):
    answer = Client(enforce_csrf_checks=True).post(links.leave_path(search), ONE_CLICK)
    assert answer.status_code == 200
    assert "keine Mails mehr" in answer.text
    assert running() == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_asks_and_ends_nothing(search, method):
    assert getattr(Client(), method)(links.leave_path(search)).status_code == 200
    assert running()


def test_leaving_twice_is_leaving_once_and_ends_no_other_search(search):
    other = factories.make_saved_search(EMAIL, "tag=sonntag")
    for _ in range(2):
        assert Client().post(links.leave_path(search), ONE_CLICK).status_code == 200
    assert running() == [(EMAIL, other.query)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one():
    search = factories.make_saved_search(EMAIL)
    path = links.leave_path(search)
    answers = at_once(*[lambda: Client().post(path, ONE_CLICK).status_code] * 3)
    assert answers == [200] * 3
    assert SavedSearch.objects.get().is_over


def test_after_the_record_is_deleted_a_click_is_answered_all_the_same(search):
    path = links.leave_path(search)
    search.delete()
    assert Client().post(path, ONE_CLICK).status_code == 200
    assert Client().get(path).status_code == 410


def test_one_click_brings_it_back_and_is_a_new_consent(search):
    Client().post(links.leave_path(search), ONE_CLICK)
    before = timezone.now()
    page = Client().post(links.resume_path(search), follow=True)
    assert page.status_code == 200
    search.refresh_from_db()
    assert search.is_running
    assert search.confirmed_at > before
    assert search.told_until == search.confirmed_at  # what came meanwhile is no news


def test_an_old_link_does_not_stand_in_for_a_confirmation():
    one = factories.make_saved_search(status=STATUS.UNCONFIRMED)
    page = Client().post(links.resume_path(one), follow=True)
    assert "Noch nicht bestätigt" in page.text
    assert running() == []


# --- the page of an address -----------------------------------------------------------------------


def test_the_page_shows_all_searches_of_the_address_and_of_no_other(search):
    other = factories.make_saved_search(EMAIL, "tag=sonntag", last_sent_at=timezone.now())
    factories.make_saved_search(EMAIL, "tag=montag", status=STATUS.ENDED)
    factories.make_saved_search(EMAIL, "tag=dienstag", status=STATUS.UNCONFIRMED)
    factories.make_saved_search("ben@example.org", "tag=freitag")
    page = Client().get(links.page_path(search))
    shown = [one["wanted"].title for one in page.context["searches"]]
    assert shown == ["Feuerbach, Samstag", "Sonntag"]
    assert links.leave_path(other) in page.text
    assert "Letzte Mail am" in page.text
    assert EMAIL not in page.text
    assert "a…@example.org" in page.text
    assert "noindex" in page["X-Robots-Tag"]


def test_one_that_was_left_or_stopped_can_be_brought_back_there(search):
    stopped = factories.make_saved_search(EMAIL, "tag=sonntag", stopped_at=timezone.now())
    Client().post(links.leave_path(search), ONE_CLICK)
    page = Client().get(links.page_path(search)).text
    for one in (search, stopped):
        assert f'action="{links.resume_path(one)}"' in page


def test_the_language_is_that_of_all_searches_of_the_address(search):
    factories.make_saved_search(EMAIL, "tag=sonntag")
    other = factories.make_saved_search("ben@example.org")
    page = Client().post(links.page_path(search), {"preferred_language": "uk"}, follow=True)
    assert "Gespeichert." in page.text
    own = SavedSearch.objects.filter(email=EMAIL)
    assert {one.preferred_language for one in own} == {"uk"}
    other.refresh_from_db()
    assert other.preferred_language == "de"


def test_the_page_says_when_a_part_of_a_search_is_gone(search):
    SavedSearch.objects.update(query="bezirk=atlantis")
    assert "gibt es im Portal nicht mehr" in Client().get(links.page_path(search)).text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_searches_need_as_few_queries_as_one(search, django_assert_max_num_queries):
    for number in range(19):
        factories.make_saved_search(EMAIL, f"bezirk=feuerbach&umkreis=1&q=Wort{number}")
    Client().get(links.page_path(search))
    with django_assert_max_num_queries(10):
        assert len(Client().get(links.page_path(search)).context["searches"]) == 20


# --- „Meine Daten“ --------------------------------------------------------------------------------


def only_one(email=EMAIL) -> Person:
    (person,) = people_at([email], everything=True)
    return person


def test_the_download_has_the_filter_and_the_proof(search):
    token = my_data_links.token_for(only_one().whose)
    answer = Client().post(reverse("volunteers:my_data_download", args=[token]))
    archive = zipfile.ZipFile(BytesIO(answer.content))
    activities = json.loads(archive.read("meine-daten.json"))["activities"]
    (found,) = [one for one in activities if one["key"] == "saved_searches"]
    (row,) = found["records"]["portal.SavedSearch"]
    assert (row["email"], row["query"], row["text_version"]) == (EMAIL, search.query, "2026-11")
    assert row["confirmed_at"]


def test_deleting_ends_all_of_them(search):
    factories.make_saved_search(EMAIL, "tag=sonntag")
    factories.make_subscription(EMAIL)
    factories.make_saved_search("ben@example.org")
    erase_person(person=only_one())
    assert running() == [("ben@example.org", "")]


def test_a_new_address_takes_along_what_it_does_not_have(search):
    factories.make_saved_search(EMAIL, "tag=sonntag")
    factories.make_saved_search(EMAIL, "tag=montag", status=STATUS.ENDED)
    factories.make_saved_search(NEW, "tag=sonntag", preferred_language="uk")
    factories.make_saved_search(NEW, search.query, status=STATUS.ENDED)
    factories.make_application(factories.make_circle(), "Amira Haddad", email=EMAIL)
    (person,) = people_at([EMAIL], everything=True)
    readdressing.change(person=person, new=NEW, by=factories.make_user("andere@example.org"))
    assert not SavedSearch.objects.filter(email=EMAIL).exists()
    assert sorted(running()) == [(NEW, search.query), (NEW, "tag=sonntag")]
    assert SavedSearch.objects.get(query="tag=sonntag").preferred_language == "uk"


def test_with_nothing_but_a_search_the_page_says_how_the_address_changes(search):
    token = my_data_links.token_for(only_one().whose)
    url = reverse("volunteers:my_data_address", args=[token])
    answer = Client().post(url, {"email": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "bitte mit der neuen Adresse" in answer.text
