"""What the city counted stands beside what the directory knows; both are counted when they are shown."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.compared import compare, missing
from portal.figures.key_figures import figure_series
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def circles():
    factories.make_key_figure(value=7)
    return [
        factories.make_circle("Kreis Aktiv", evidence_confirmed=True, as_of="2026-01-01"),
        factories.make_circle("Kreis Pausiert", status="paused", as_of="2020-01-01"),
        factories.make_circle("Kreis Beendet", status="ended", period_note="bis 2017"),
        factories.make_circle("Kreis Entwurf", is_published=False),
        factories.make_initiative("Initiative"),
    ]


def the_comparison():
    return compare(figure_series())["freundeskreise"]


def test_numbers_are_counted_from_the_directory(circles):
    one = the_comparison()
    assert (one.counted, one.known, one.active, one.ended, one.drafts) == (7, 3, 2, 1, 1)
    assert one.unknown == 3
    circles[3].delete()
    factories.make_circle("Neuer Kreis")
    one = the_comparison()
    assert (one.known, one.drafts, one.unknown) == (4, 0, 3)


def test_more_entries_than_counted_leave_nothing_unknown(circles):
    for number in range(9):
        factories.make_circle(f"Kreis {number}")
    assert the_comparison().unknown == 0


def test_public_page_says_why_the_numbers_differ_and_names_no_draft(client, circles):
    page = client.get(reverse("portal:figures")).text
    assert "Gezählt: 7 (Stand: 12/2018). Im Portal: 3." in page
    assert "messen nicht dasselbe" in page
    assert "Entwurf" not in page


def test_series_that_counts_no_organisations_has_no_comparison(client):
    factories.make_key_figure("stunden", label="Stunden")
    assert compare(figure_series()) == {}
    assert "messen nicht dasselbe" not in client.get(reverse("portal:figures")).text


def test_staff_see_what_is_missing_and_only_what_they_may_see(circles):
    district = factories.make_district()
    boss = factories.make_user("adm@example.org", is_superuser=True)
    (found,) = missing([the_comparison()], boss)
    assert [str(one) for one in found.drafts] == ["Kreis Entwurf"]
    assert [str(one) for one in found.unconfirmed] == ["Kreis Pausiert"]
    assert found.districts == [district]
    circles[0].districts.add(district)
    (found,) = missing([the_comparison()], boss)
    assert found.districts == []
    nobody = factories.make_user("leer@example.org")
    (found,) = missing([the_comparison()], nobody)
    assert not found.drafts


def test_administration_lists_what_is_missing_with_links(circles):
    client = Client()
    client.force_login(factories.make_user("adm@example.org", is_superuser=True))
    page = client.get(reverse("admin:portal_keyfigure_changelist")).text
    assert "7 gezählt (Stand: 12/2018), 3 im Portal" in page
    draft = reverse("admin:programs_organisation_change", args=[circles[3].pk])
    assert f'<a href="{draft}">Kreis Entwurf</a>' in page


def test_figures_page_asks_the_same_number_of_queries_however_many_there_are(
    client, circles, django_assert_num_queries
):
    url = reverse("portal:figures") + "?x=1"
    client.get(url)
    with django_assert_num_queries(4):
        client.get(url)
    for number in range(30):
        factories.make_circle(f"Kreis {number}")
    with django_assert_num_queries(4):
        client.get(url)
