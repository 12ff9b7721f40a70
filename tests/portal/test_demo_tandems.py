"""The demo's tandems: every state, and no real people."""

import pytest

from portal.demo_data import load_demo
from tests.portal.test_demo_data import _on_loaded_data, loaded  # noqa: F401  fixtures
from volunteers import chores
from volunteers.matching import suggestions
from volunteers.models import CheckIn, CompanionRequest, Concern, DateRequest, Tandem, User
from volunteers.reads.date_candidates import may_come

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo_shows_requests_a_proposal_running_tandems_and_a_red_one():
    requests = CompanionRequest.objects.all()
    assert requests.open().count() >= 5
    assert not requests.exclude(is_demo=True).exists()
    assert not requests.exclude(email="").exclude(email__endswith="@example.org").exists()
    assert {"ar", "uk", "ti"} <= {language for r in requests for language in r.languages}
    assert requests.filter(organisation=None).exists(), "the Sozialamt looks after one"
    tandems = Tandem.objects.filter(is_demo=True)
    assert tandems.filter(status="proposed").count() == 1
    assert tandems.running().count() == 3
    assert tandems.filter(needs_support_since__isnull=False).count() == 1
    for tandem in tandems.running():
        assert (tandem.application.status, tandem.request.status) == ("placed", "matched")


def test_demo_has_suggestions_for_the_coordination():
    user = User.objects.get(email="integrationspolitik@example.org")
    assert len(suggestions.overall(user)) >= 3


@pytest.mark.slow
def test_a_second_run_and_the_first_chores_add_nothing():
    before = (Tandem.objects.count(), CheckIn.objects.count())
    load_demo()
    chores.run_all()
    assert (Tandem.objects.count(), CheckIn.objects.count()) == before


def test_demo_has_dates_of_every_kind_and_somebody_who_can_come_to_the_open_ones():
    dates = DateRequest.objects.filter(is_demo=True, email__endswith="@example.org")
    assert sorted(dates.values_list("status", flat=True)) == ["done", "open", "open", "taken"]
    for date in dates:
        assert date.offers.filter(volunteer=date.companion).exists() == (date.status != "open")
    assert may_come(dates.filter(status="open").earliest("starts_at")).exists()


def test_demo_has_concerns_that_only_the_person_of_trust_reads():
    concerns = Concern.objects.filter(is_demo=True)
    assert sorted(concerns.values_list("state", flat=True)) == ["in_hand", "new"]
    assert concerns.filter(tandem__isnull=False, notes__kind="note").exists()
    for user in User.objects.filter(is_active=True):
        sees = Concern.objects.visible_to(user).count()
        assert sees == (2 if user.email == "vertrauen@example.org" else 0), user.email
