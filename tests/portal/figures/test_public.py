"""„/zahlen/“ shows what the portal has counted: of each figure the newest published month of the city, rounded."""

import datetime
import re

import pytest
from django.urls import reverse

from portal.figures import recording
from portal.figures.counted import newest_of_the_city
from portal.figures.measures import MEASURES
from tests import factories

pytestmark = pytest.mark.django_db


def at(day):
    return datetime.datetime.fromisoformat(day).replace(tzinfo=factories.BERLIN)


@pytest.fixture
def circle(time_machine):
    """There since May; then it is July."""
    time_machine.move_to(at("2026-05-04 12:00"), tick=False)
    made = factories.make_circle("Kreis Nord")
    time_machine.move_to(at("2026-07-09 02:11"), tick=False)
    return made


def sign_ups(circle, number, day):
    for one in range(number):
        moment = {"submitted_at": at(day), "confirmed_at": at(day)}
        factories.make_application(circle, f"Amira {day} {one}", **moment)


def rows_of(client):
    page = client.get(reverse("portal:figures")).text
    found = page.partition('id="gezaehlt"')[2]
    row = (
        r'<tr><th scope="row">(.*?)<p class="stand">Stand: (.*?) · (.*?)</p></th>'
        r'<td class="num">(.*?)</td></tr>'
    )
    return {label: (text, stand, source) for label, stand, source, text in re.findall(row, found)}


def test_before_anything_is_written_down_there_is_no_such_part(client):
    assert "gezaehlt" not in client.get(reverse("portal:figures")).text


def test_each_figure_has_its_own_stand_and_source(client, circle, time_machine):
    sign_ups(circle, 12, "2026-06-10 12:00")
    recording.record_due()
    rows = rows_of(client)
    assert rows["Anmeldungen"][1] == "30. Juni 2026"
    assert {stand for _text, stand, _source in rows.values()} == {"30. Juni 2026"}
    assert all(source for _text, _stand, source in rows.values())

    time_machine.move_to(at("2026-08-01 02:11"), tick=False)
    recording.record_due()  # what happened in July is not settled yet
    rows = rows_of(client)
    assert rows["Anmeldungen"][1] == "30. Juni 2026"
    assert "31. Juli 2026" in {stand for _text, stand, _source in rows.values()}


def test_everybody_reads_the_rounded_number_only(client, circle):
    sign_ups(circle, 2, "2026-06-10 12:00")
    recording.record_due()
    assert rows_of(client).get("Anmeldungen", ("",))[0] != "2"
    admin = factories.make_user("adm@example.org", is_superuser=True)
    client.force_login(admin)
    assert rows_of(client).get("Anmeldungen", ("",))[0] != "2"


def test_the_rows_stand_in_the_order_of_the_list(circle, django_assert_num_queries):
    sign_ups(circle, 12, "2026-06-10 12:00")
    recording.record_due()
    labels = [str(one.label) for one in MEASURES.values()]
    with django_assert_num_queries(1):
        found = [str(one.label) for one in newest_of_the_city()]
    assert found == [label for label in labels if label in found]
    assert len(found) >= 2
