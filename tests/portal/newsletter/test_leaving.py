"""Changing and leaving the newsletter by signed links, also by the button of a mail program (RFC 8058)."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.models import Subscription
from portal.newsletter import links, services
from tests import factories
from volunteers.errors import TransitionNotAllowed
from volunteers.links.signing import LinkExpired
from volunteers.services import standing_orders

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""What the server of a mail program posts (RFC 8058, 3.1)."""
STATUS = Subscription.Status


@pytest.fixture
def reader():
    return factories.make_subscription("amira@example.org", topics=["news", "trainings"])


def status_of(subscription):
    return Subscription.objects.get(pk=subscription.pk).status


# --- leaving --------------------------------------------------------------------------------------


def test_a_mail_program_leaves_by_one_post_without_a_cookie(reader):
    headers = links.headers(reader)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = headers["List-Unsubscribe"]
    assert url.startswith("<http")
    assert url.endswith(">")
    server = Client(enforce_csrf_checks=True)
    answer = server.post(url.strip("<>").removeprefix("http://localhost:8000"), ONE_CLICK)
    assert answer.status_code == 200
    assert "Sie bekommen den Newsletter nicht mehr" in answer.text
    one = Subscription.objects.get()
    assert (one.status, one.ended_at is not None) == (STATUS.ENDED, True)
    assert not Subscription.objects.receiving(["news"], language="de").exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_asks_and_ends_nothing(reader, method):
    answer = getattr(Client(), method)(links.leave_path(reader))
    assert answer.status_code == 200
    assert status_of(reader) == STATUS.ACTIVE


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_nothing_but_a_post_leaves(reader, method):
    assert getattr(Client(), method)(links.leave_path(reader)).status_code == 405
    assert status_of(reader) == STATUS.ACTIVE


def test_leaving_twice_is_leaving_once(reader):
    path = links.leave_path(reader)
    first = Client().post(path, ONE_CLICK)
    ended = Subscription.objects.get().ended_at
    second = Client().post(path, ONE_CLICK)
    assert (first.status_code, second.status_code) == (200, 200)
    assert Subscription.objects.get().ended_at == ended


def test_the_server_of_a_mail_program_leaves_for_many_people(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": {"address": (2, 60), "target": (2, 60)}}
    many = [factories.make_subscription(f"leser-{n}@example.org") for n in range(5)]
    answers = [Client().post(links.leave_path(one), ONE_CLICK).status_code for one in many]
    assert answers == [200] * 5
    assert not Subscription.objects.running().exists()


def test_nobody_leaves_for_somebody_else(reader):
    other = factories.make_subscription("ben@example.org")
    token = links.leave_token(other)
    for wrong in (token[:-2] + "AA", links.page_token(reader), "x" * 60, token.split(":")[0]):
        assert Client().post(f"/newsletter/abbestellen/{wrong}/", ONE_CLICK).status_code == 404
    assert Subscription.objects.running().count() == 2


def test_after_the_record_is_deleted_a_click_is_answered_all_the_same(reader):
    path = links.leave_path(reader)
    reader.delete()
    assert Client().post(path, ONE_CLICK).status_code == 200
    page = Client().get(path)
    assert page.status_code == 410
    assert "Sie bekommen den Newsletter nicht" in page.text


def test_who_never_confirmed_and_leaves_is_deleted():
    one = factories.make_subscription(status=STATUS.UNCONFIRMED)
    assert Client().post(links.leave_path(one), ONE_CLICK).status_code == 200
    assert not Subscription.objects.exists()
    standing_orders.leave(order=one)  # deleted in another window


def test_a_page_that_may_be_passed_on_does_not_show_the_whole_address(reader):
    for path in (links.leave_path(reader), links.page_path(reader)):
        text = Client().get(path).text
        assert "amira@example.org" not in text
        assert "a…@example.org" in text


# --- back again -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before", [{"status": "ended"}, {"stopped_at": timezone.now(), "hard_bounces": 3}]
)
def test_one_click_brings_it_back_and_is_a_new_consent(before):
    long_ago = timezone.now() - timezone.timedelta(days=100)
    one = factories.make_subscription(confirmed_at=long_ago, text_version="", **before)
    page = Client().get(links.page_path(one))
    assert "Doch wieder bekommen" in page.text
    there = Client().post(f"{links.page_path(one)}wieder/", follow=True)
    assert "Ihr Newsletter" in there.text
    one.refresh_from_db()
    assert (one.is_running, one.hard_bounces, one.text_version) == (True, 0, "2026-11")
    assert one.confirmed_at > long_ago


def test_the_button_is_on_the_page_after_leaving(reader):
    page = Client().post(links.leave_path(reader), ONE_CLICK)
    assert f'action="{links.page_path(reader)}wieder/"' in page.text


def test_a_get_of_the_button_leads_to_its_page_and_brings_nothing_back():
    one = factories.make_subscription(status=STATUS.ENDED)
    answer = Client().get(f"{links.page_path(one)}wieder/")
    assert answer["Location"] == links.page_path(one)
    assert status_of(one) == STATUS.ENDED


def test_an_old_link_does_not_stand_in_for_a_confirmation():
    one = factories.make_subscription(status=STATUS.UNCONFIRMED)
    page = Client().post(f"{links.page_path(one)}wieder/", follow=True)
    assert "Noch nicht bestätigt" in page.text
    assert status_of(one) == STATUS.UNCONFIRMED
    with pytest.raises(TransitionNotAllowed):
        services.resume(subscription=one)


# --- changing -------------------------------------------------------------------------------------


def test_topics_districts_and_language_change_without_a_login(reader):
    here = factories.make_district("feuerbach")
    data = {"topics": ["opportunities"], "districts": [here.pk], "language": "en"}
    there = Client().post(links.page_path(reader), data, follow=True)
    assert "Gespeichert." in there.text
    reader.refresh_from_db()
    assert (reader.topics, reader.language) == (["opportunities"], "en")
    assert [*reader.districts.all()] == [here]
    assert reader.changed_at is not None


def test_who_drops_the_topic_drops_its_districts():
    here = factories.make_district("feuerbach")
    one = factories.make_subscription(topics=["opportunities"], districts=[here])
    data = {"topics": ["news"], "districts": [here.pk], "language": "de"}
    assert Client().post(links.page_path(one), data).status_code == 302
    assert not one.districts.exists()


def test_without_a_topic_nothing_changes_and_the_page_says_so(reader):
    answer = Client().post(links.page_path(reader), {"topics": [], "language": "de"})
    assert answer.status_code == 422
    assert "Bitte wählen Sie mindestens ein Thema." in answer.text
    assert links.leave_path(reader) in answer.text
    reader.refresh_from_db()
    assert reader.topics == ["news", "trainings"]


def test_a_language_that_is_no_longer_written_stays_for_who_has_it(settings):
    settings.NEWSLETTER_LANGUAGES = ["de"]
    one = factories.make_subscription(language="uk")
    page = Client().get(links.page_path(one))
    assert [value for value, _label in page.context["form"].fields["language"].choices] == [
        "de",
        "uk",
    ]


def test_what_is_deleted_meanwhile_is_no_error(reader):
    data = {"topics": ["news"], "districts": [], "language": "de"}
    gone = Subscription(pk=reader.pk)
    reader.delete()
    with pytest.raises(LinkExpired):
        services.change(subscription=gone, answers=data)
