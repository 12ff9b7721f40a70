"""„Wer fehlt uns?“: the kinds that are found, what the start page says of them, and the opportunity."""

import datetime
import urllib.parse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.admin.shortages import coarse, panels_for
from volunteers.matching.missing import ROOM, missing
from volunteers.matching.profiles import Helper, Seeker
from volunteers.matching.together import Problem, Scores, assign
from volunteers.models import CompanionRequest, Shortage
from volunteers.services import shortages

PERSIAN = frozenset({"fa"})


def test_the_kind_that_brings_most_is_named_with_language_district_time_and_gender():
    seekers = [
        Seeker(
            pk=n,
            languages=PERSIAN,
            districts=frozenset({"05"}),
            weekdays=frozenset({1}),
            dayparts=frozenset({"evening"}),
            wish="woman",
        )
        for n in range(4)
    ]
    seekers.append(Seeker(pk=9, languages=frozenset({"ar"})))
    helpers = [Helper(pk=1, volunteer=1, languages=frozenset({"ar"}))]
    first, *others = missing(seekers, helpers)
    assert first.kind == ("fa", "05", 1, "evening", "woman")
    assert (first.pairs, first.speakers, first.neighbours) == (ROOM, 4, 4)
    assert not others, "everybody who speaks Arabic has somebody"
    table = Scores(seekers, [*helpers, first.kind.as_helper()])
    assert len(assign(table)) == len(assign(Scores(seekers, helpers))) + first.pairs
    chosen = assign(table)
    points = Problem(Scores(seekers, helpers)).told(0).points
    assert sum(int(table.points[pair]) for pair in chosen) == first.points + 40 + points


def test_what_makes_no_difference_is_not_named():
    (found,) = missing([Seeker(pk=1, languages=PERSIAN)], [])
    assert found.kind == ("fa", "", None, "", "")


def test_nobody_is_missing_where_nobody_looks():
    assert missing([], [Helper(pk=1, volunteer=1)]) == []


# --- Kept by the worker, shown on the start page ------------------------------------------


@pytest.fixture
def office(db):
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle(department=office)


def six_who_speak_persian(circle, district):
    for number in range(6):
        factories.make_request(
            f"Navid {number}",
            organisation=circle,
            languages=["fa"],
            district=district,
            weekdays=[1],
            dayparts=["evening"],
            wish="woman",
        )


def start_page(client, user):
    client.force_login(user)
    response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.slow
def test_coordination_reads_exact_numbers_of_its_own_people(client, circle):
    six_who_speak_persian(circle, factories.make_districts()["feuerbach"])
    shortages.refresh()
    page = start_page(client, factories.make_member(circle).user)
    assert "Eine Frau mit Persisch/Dari in Feuerbach, dienstags abends" in page
    assert "3 Tandems mehr" in page
    assert "offene Suchen: 6" in page
    assert "ganze Stadt" not in page


@pytest.mark.slow
def test_department_reads_no_number_and_no_kind_that_stands_for_few(client, office, circle):
    six_who_speak_persian(circle, factories.make_districts()["feuerbach"])
    factories.make_request("Selam", organisation=circle, languages=["ti"])
    shortages.refresh()
    for role in ("staff", "reporting"):
        page = start_page(client, factories.make_member(office, role=role).user)
        assert "Eine Person mit Persisch/Dari in Feuerbach" in page
        assert "unter 5 Tandems mehr" in page
        assert "offene Suchen: 5" in page
        assert "Eine Frau mit" not in page
        assert "dienstags" not in page
        assert "Jede Zeile gilt für sich" not in page, "there is one row"
        assert "Tigrinya" not in page
        assert "3 Tandems" not in page


def test_coarse_keeps_a_district_only_for_enough_people():
    row = {"language": "fa", "district": "05", "place": "Feuerbach", "weekday": 1}
    row |= {"daypart": "evening", "gender": "woman", "pairs": 3, "points": 9}
    assert coarse({**row, "speakers": 4, "neighbours": 4}) is None
    told = coarse({**row, "speakers": 5, "neighbours": 4})
    assert (told["place"], told["district"], told["daypart"], told["gender"]) == ("", "", "", "")
    assert coarse({**row, "speakers": 5, "neighbours": 5})["place"] == "Feuerbach"


@pytest.mark.slow
def test_foreign_circle_reads_nothing_and_portalverwaltung_all(client, office, circle):
    six_who_speak_persian(circle, None)
    shortages.refresh()
    north = factories.make_circle("Freundeskreis Nord", department=office)
    assert "Wer fehlt uns?" not in start_page(client, factories.make_member(north).user)
    page = start_page(client, factories.make_user(is_superuser=True))
    assert "Eine Frau mit Persisch/Dari" in page
    assert "ganze Stadt" in page


@pytest.mark.slow
def test_button_opens_the_form_for_an_opportunity_filled_in(client, circle):
    district = factories.make_districts()["feuerbach"]
    six_who_speak_persian(circle, district)
    shortages.refresh()
    user = factories.make_member(circle).user
    client.force_login(user)
    ((row,),) = (panel.rows for panel in panels_for(user))
    response = client.get(row.advert)
    assert response.status_code == 200
    form = response.context["adminform"].form
    page = response.content.decode()
    assert form["title"].value() == "Begleitung gesucht: Persisch/Dari, Feuerbach"
    assert "Sie treffen sich in Feuerbach oder in der Nähe." in page
    assert "Gut ist, wenn Sie dienstags abends Zeit haben." in page
    for name, value in (("languages", "fa"), ("weekdays", "1"), ("dayparts", "evening")):
        checked = [
            str(box.tag()) for box in form[name].subwidgets if box.data["attrs"].get("checked")
        ]
        assert [f'value="{value}"' in tag for tag in checked] == [True]
    assert [str(value) for value in form["districts"].value()] == [district.pk]
    assert str(form["organisation"].value()) == str(circle.pk)
    assert not form["is_published"].value(), "somebody reads it first"


def test_own_words_of_the_text_name_no_person(circle):
    six_who_speak_persian(circle, None)
    shortages.refresh()
    user = factories.make_member(circle).user
    ((row,),) = (panel.rows for panel in panels_for(user))
    text = urllib.parse.unquote_plus(row.advert)
    assert "Navid" not in text
    assert "Wir suchen Menschen, die Persisch/Dari und etwas Deutsch sprechen." in text


def test_worker_computes_twice_a_day_and_leaves_out_who_has_a_proposal(circle):
    six_who_speak_persian(circle, None)
    assert shortages.refresh_due()
    assert not shortages.refresh_due()
    Shortage.objects.update(as_of=timezone.now() - datetime.timedelta(hours=13))
    request = CompanionRequest.objects.first()
    helper = factories.make_ready(circle, languages=["fa"])
    factories.make_tandem(request, helper, status="proposed", started_on=None)
    assert shortages.refresh_due()
    assert set(Shortage.objects.values_list("organisation", "requests")) == {
        (None, 5),
        (circle.pk, 5),
    }


def test_requests_without_an_organisation_are_the_clearing_offices(office):
    factories.make_request("Navid", languages=["fa"])
    shortages.refresh()
    assert Shortage.objects.get(organisation=office).requests == 1


def test_start_page_takes_one_query_for_it(client, circle):
    user = factories.make_member(circle).user
    six_who_speak_persian(circle, None)
    shortages.refresh()
    user = type(user).objects.get(pk=user.pk)
    panels_for(user)
    with CaptureQueriesContext(connection) as queries:
        panels_for(user)
    assert len(queries) == 1
