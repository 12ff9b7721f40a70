"""One story of a volunteer per programme: published by the department, withdrawn in one moment."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs import stories
from programs.history import table_of
from programs.models import PictureFile, Programme, Story
from tests import factories
from tests.clients import client_of
from tests.shown import TEXT, make_picture, make_story

pytestmark = pytest.mark.django_db

LIST = "/geschichten/"


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def programme(office):
    circle = factories.make_circle(department=office)
    return factories.make_programme(organisation=circle)


@pytest.fixture
def katrin(programme):
    return factories.make_member(programme.organisation).user


@pytest.fixture
def staff(office):
    return factories.make_member(office, role="staff").user


def answers(programme, **changes):
    return {
        "programme": programme.pk,
        "title": "Samstags bei Familie Kaya",
        "person": "Amina",
        "text": f"{TEXT}\n\n<b>Heute</b> ist das anders.",
        "agreed_by": "Amina Yılmaz",
        "agreed_on": timezone.localdate().isoformat(),
        "agreed_how": "schriftlich, bei der Koordination",
        **changes,
    }


def write(user, programme, **changes):
    return client_of(user).post(reverse("admin:programs_story_add"), answers(programme, **changes))


def change(user, story, **changes):
    url = reverse("admin:programs_story_change", args=[story.pk])
    return client_of(user).post(url, answers(story.programme, **changes))


def text_of(response):
    return " ".join(response.content.decode().split())


# --- Writing and publishing ---------------------------------------------------------------------


def test_coordinator_writes_and_the_department_publishes(programme, katrin, staff, client):
    assert write(katrin, programme, is_published="on").status_code == 302
    story = Story.objects.get()
    assert (story.is_published, story.recorded_by) == (False, katrin)
    assert story.slug == "samstags-bei-familie-kaya"
    assert client.get(story.get_absolute_url()).status_code == 404
    assert change(staff, story, is_published="on").status_code == 302
    page = text_of(client.get(story.get_absolute_url()))
    assert "Amina erzählt von: WillkommensPaten" in page
    assert "&lt;b&gt;Heute&lt;/b&gt;" in page
    assert "Yılmaz" not in page, "the name in the consent is not public"


def test_what_is_published_only_the_department_changes(programme, katrin, staff):
    story = make_story(programme)
    assert change(katrin, story, title="Anders").status_code == 403
    assert change(staff, story, title="Anders", is_published="on").status_code == 302
    story.refresh_from_db()
    assert story.title == "Anders"


def test_who_enters_another_consent_is_kept(programme, katrin, staff):
    story = make_story(programme, recorded_by=katrin)
    change(staff, story, title="Anders", agreed_how="schriftlich", is_published="on")
    story.refresh_from_db()
    assert story.recorded_by == katrin
    change(staff, story, agreed_how="mündlich, vor Zeugen", is_published="on")
    story.refresh_from_db()
    assert story.recorded_by == staff
    page = client_of(staff).get(reverse("admin:programs_story_change", args=[story.pk]))
    assert str(staff) in text_of(page)


@pytest.mark.parametrize("name", ["title", "person", "agreed_by", "agreed_on", "agreed_how"])
def test_nothing_is_told_without_a_name_and_a_consent(name, programme, katrin):
    response = write(katrin, programme, **{name: ""})
    assert response.status_code == 200
    assert "Dieses Feld ist zwingend erforderlich" in text_of(response)
    assert not Story.objects.exists()


@pytest.mark.parametrize("text", ["Zu kurz.", "ä" * 6001])
def test_story_is_short_but_one(text, programme, katrin):
    assert write(katrin, programme, text=text).status_code == 200
    assert not Story.objects.exists()


def test_nobody_writes_about_a_programme_of_others(katrin, staff):
    others = factories.make_programme("Anderswo", organisation=factories.make_organisation())
    assert write(katrin, others).status_code == 200
    assert not Story.objects.exists()


def test_programme_shows_one_story(programme, staff):
    make_story(programme)
    second = make_story(programme, slug="zweite", is_published=False)
    response = change(staff, second, is_published="on")
    assert "zeigt schon eine Geschichte" in text_of(response)
    with pytest.raises(IntegrityError, match="story_one_per_programme"), transaction.atomic():
        Story.objects.update(is_published=True)


# --- Pages --------------------------------------------------------------------------------------


def test_there_is_no_list_without_a_story(programme, client):
    assert client.get(LIST).status_code == 404
    assert LIST not in text_of(client.get("/sitemap-de.xml"))
    assert LIST not in text_of(client.get(programme.get_absolute_url()))
    make_story(programme, is_published=False)
    assert client.get(LIST).status_code == 404


@pytest.mark.slow
def test_story_stands_on_the_programme_in_the_list_and_in_the_sitemap(programme, client):
    story = make_story(programme)
    make_picture(story=story, alt="Amina vor dem Rathaus")
    for page in (programme.get_absolute_url(), LIST, "/sitemap-de.xml"):
        assert story.get_absolute_url() in text_of(client.get(page)), page
    page = text_of(client.get(story.get_absolute_url()))
    assert 'alt="Amina vor dem Rathaus"' in page
    assert programme.get_absolute_url() in page


def test_story_of_an_unpublished_programme_is_not_public(programme, client):
    story = make_story(programme)
    picture = make_picture(story=story)
    Programme.objects.update(is_published=False)
    assert client.get(story.get_absolute_url()).status_code == 404
    assert client.get(picture.address(480, "jpg")).status_code == 404


def test_list_costs_the_same_with_one_and_with_thirty(office, client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    make_story(factories.make_programme("Eins"), slug="eins")
    with_one = queries()
    for number in range(30):
        make_story(factories.make_programme(f"Programm {number}"), slug=f"nummer-{number}")
    assert queries() == with_one


# --- Withdrawing --------------------------------------------------------------------------------


def withdraw(user, story):
    url = reverse("admin:programs_story_delete", args=[story.pk])
    return client_of(user).post(url, {"post": "yes"})


@pytest.mark.slow
def test_withdrawn_story_is_gone_at_once_and_says_so(programme, katrin, client):
    story = make_story(programme)
    picture = make_picture(story=story)
    address = story.get_absolute_url()
    assert client.get(address).status_code == 200
    assert withdraw(katrin, story).status_code == 302
    gone = client.get(address)
    assert gone.status_code == 410
    assert "Das gibt es hier nicht mehr" in text_of(gone)
    assert client.get(picture.address(480, "jpg")).status_code == 410
    assert not PictureFile.objects.exists()
    assert client.get(LIST).status_code == 404
    assert address not in text_of(client.get("/sitemap-de.xml"))
    assert address not in text_of(client.get(programme.get_absolute_url()))


def test_of_a_withdrawn_story_only_the_days_and_who_entered_it_are_left(programme, katrin):
    story = make_story(programme, recorded_by=katrin)
    withdraw(katrin, story)
    left = Story.objects.values().get()
    assert left["agreed_on"] == timezone.localdate()
    assert left["withdrawn_at"] is not None
    assert left["recorded_by_id"] == katrin.pk
    assert all(left[name] in ("", {}) for name in stories.EMPTY)
    assert "samstags" not in left["slug"]
    last = table_of(Story).objects.latest("pgh_id")
    assert last.pgh_context == {"user": katrin.pk}
    columns = {f.name for f in last._meta.fields if not f.name.startswith("pgh_")}
    assert columns == {"id", "programme", "is_published", "withdrawn_at"}
    assert not LogEntry.objects.filter(object_repr__icontains="kaya").exists()


def test_withdrawn_story_stays_withdrawn_and_its_address_may_tell_another_one(
    programme, katrin, staff, client
):
    story = make_story(programme)
    address = story.get_absolute_url()
    withdraw(katrin, story)
    assert change(staff, story, is_published="on").status_code == 403
    assert withdraw(staff, story).status_code == 403
    again = make_story(programme)
    assert client.get(address).status_code == 200
    withdraw(katrin, again)
    assert client.get(address).status_code == 410
    assert Story.objects.count() == 2


def test_several_are_withdrawn_from_the_list_of_the_administration(programme, staff, client):
    story = make_story(programme)
    action = {"action": "delete_selected", "_selected_action": [story.pk], "post": "yes"}
    client_of(staff).post(reverse("admin:programs_story_changelist"), action)
    assert client.get(story.get_absolute_url()).status_code == 410
    assert Story.objects.count() == 1


def test_database_keeps_nothing_that_was_told_after_it_is_withdrawn(programme):
    make_story(programme)
    with pytest.raises(IntegrityError, match="story_withdrawn_is_empty"), transaction.atomic():
        Story.objects.update(withdrawn_at=timezone.now())
