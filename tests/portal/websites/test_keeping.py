"""What is kept of websites' answers, when one counts as dead, and who sees it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.websites.asking import Answer
from portal.websites.keeping import check_due, keep
from portal.websites.models import LinkCheck
from programs.models import Entry, Membership
from tests import factories

pytestmark = pytest.mark.django_db

Outcome = LinkCheck.Outcome
FINE, GONE, SILENT = Answer(Outcome.FINE, 200), Answer(Outcome.GONE, 404), Answer(Outcome.SILENT)


def site(number):
    return f"https://verein-{number}.example/"


def checked(**answers):
    """Run the job with these answers by number; returns the addresses in the order of asking."""
    asked = []

    def answer(url):
        asked.append(url)
        return answers.get(url.removeprefix("https://verein-").removesuffix(".example/"), FINE)

    check_due(answer)
    return asked


def pass_days(days):
    """As if the last checks had been so many days ago."""
    earlier = timezone.now() - datetime.timedelta(days=days)
    LinkCheck.objects.update(checked_at=earlier)
    LinkCheck.objects.filter(failing_since__isnull=False).update(failing_since=earlier.date())


def test_each_website_is_asked_once_a_week():
    for number in (1, 1, 2):
        factories.make_circle(website=site(number))
    factories.make_circle()
    assert checked() == [site(1), site(2)]
    assert checked() == []
    pass_days(8)
    assert checked() == [site(1), site(2)]


def test_what_is_hidden_or_over_is_not_asked_and_what_nobody_names_is_forgotten():
    circle = factories.make_circle(website=site(1))
    factories.make_circle(website=site(2), is_published=False)
    factories.make_circle(website=site(3), status=Entry.Status.ENDED)
    assert checked() == [site(1)]
    Entry.objects.filter(pk=circle.pk).update(website="")
    checked()
    assert not LinkCheck.objects.exists()


def test_gone_is_dead_at_once_and_silence_after_a_second_week():
    for number in (1, 2, 3):
        factories.make_circle(website=site(number))
    checked(**{"1": GONE, "2": SILENT})
    assert [one.url for one in LinkCheck.objects.dead()] == [site(1)]
    pass_days(8)
    checked(**{"1": FINE, "2": SILENT})
    assert [one.url for one in LinkCheck.objects.dead()] == [site(2)]
    pass_days(8)
    checked()
    assert not LinkCheck.objects.dead().exists()
    assert not LinkCheck.objects.filter(failing_since__isnull=False).exists()


def test_nothing_is_kept_while_the_portal_itself_is_cut_off(caplog):
    for number in range(6):
        factories.make_circle(website=site(number))
    checked(**{str(number): SILENT for number in range(6)})
    assert not LinkCheck.objects.exists()
    assert "cannot reach the internet" in caplog.text


@pytest.mark.slow
def test_who_looks_after_an_entry_sees_its_dead_website_and_nobody_else(client):
    own, other = factories.make_circle(website=site(1)), factories.make_circle(website=site(2))
    second = factories.make_entry("Café", organisation=own, website=site(1))
    for url in (site(1), site(2)):
        keep(url, GONE)
    client.force_login(factories.make_member(own, role=Membership.Role.COORDINATOR).user)
    start = client.get(reverse("admin:index")).text
    assert "Webseite antwortet nicht mehr" in start
    text = client.get(reverse("admin:portal_linkcheck_changelist")).text
    assert site(1) in text
    assert own.title in text
    assert second.title in text
    assert site(2) not in text
    assert f"/{other.pk}/" not in text


@pytest.mark.slow
def test_list_does_not_slow_down(client, django_assert_max_num_queries):
    office = factories.make_clearing_office()
    for number in range(30):
        factories.make_circle(f"Kreis {number}", website=site(number), department=office)
        keep(site(number), GONE)
    client.force_login(factories.make_member(office, role=Membership.Role.STAFF).user)
    with django_assert_max_num_queries(10):
        assert "Kreis 7" in client.get(reverse("admin:portal_linkcheck_changelist")).text
