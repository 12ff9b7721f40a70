"""Who gets an issue: what somebody asked for, in their language, in their districts, and nobody else."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.models import Subscription
from portal.newsletter.models import Topic
from tests import factories

pytestmark = pytest.mark.django_db


def receivers(*topics, language="de", districts=()):
    found = Subscription.objects.receiving(topics, language=language, districts=districts)
    return sorted(one.email.partition("@")[0] for one in found)


def test_an_issue_goes_to_those_who_want_one_of_its_topics_each_once():
    factories.make_subscription("news@example.org", topics=[Topic.NEWS])
    factories.make_subscription("both@example.org", topics=[Topic.NEWS, Topic.TRAININGS])
    factories.make_subscription("circle@example.org", topics=[Topic.ORGANISATIONS])
    assert receivers(Topic.NEWS) == ["both", "news"]
    assert receivers(Topic.NEWS, Topic.TRAININGS) == ["both", "news"]
    assert receivers(Topic.ORGANISATIONS) == ["circle"]
    assert receivers() == []


def test_opportunities_go_to_those_who_live_there_or_named_no_district():
    here, there = factories.make_district("feuerbach"), factories.make_district("moehringen")
    asked = [Topic.OPPORTUNITIES]
    factories.make_subscription("here@example.org", topics=asked, districts=[here])
    factories.make_subscription("there@example.org", topics=asked, districts=[there])
    factories.make_subscription("both@example.org", topics=asked, districts=[here, there])
    factories.make_subscription("all@example.org", topics=asked)
    news = [Topic.NEWS, Topic.OPPORTUNITIES]
    factories.make_subscription("news@example.org", topics=news, districts=[there])
    of_here = {"districts": [here]}
    assert receivers(Topic.OPPORTUNITIES, **of_here) == ["all", "both", "here"]
    assert receivers(Topic.OPPORTUNITIES) == ["all", "both", "here", "news", "there"]
    assert receivers(Topic.OPPORTUNITIES, Topic.NEWS, **of_here) == ["all", "both", "here", "news"]


def test_an_issue_goes_to_those_who_read_its_language():
    factories.make_subscription("german@example.org")
    factories.make_subscription("english@example.org", language="en")
    assert receivers(Topic.NEWS, language="en") == ["english"]


def test_nobody_gets_it_unconfirmed_or_after_leaving_or_at_a_dead_address():
    factories.make_subscription("asked@example.org", status="unconfirmed")
    factories.make_subscription("left@example.org", status="ended")
    factories.make_subscription("dead@example.org", hard_bounces=3, stopped_at=timezone.now())
    factories.make_subscription("refused-once@example.org", hard_bounces=1)
    assert receivers(Topic.NEWS) == ["refused-once"]


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("subscription_once_per_address", {}),
        ("subscription_has_a_topic", {"email": "new@example.org", "topics": []}),
        (
            "subscription_active_is_confirmed",
            {"email": "new@example.org", "status": "active", "confirmed_at": None},
        ),
        (
            "subscription_ended_has_a_time",
            {"email": "new@example.org", "status": "ended", "ended_at": None},
        ),
        (
            "subscription_ended_has_a_time",
            {"email": "new@example.org", "ended_at": timezone.now()},
        ),
    ],
)
def test_the_database_refuses_what_no_subscription_is(constraint, wrong):
    factories.make_subscription("amira@example.org")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.make_subscription(**({"email": "amira@example.org"} | wrong))
