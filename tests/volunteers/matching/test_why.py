"""„Warum kann diese Person nicht …?“: every condition, met or missing, and where to enter it."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.addresses import admin_path
from tests import factories
from volunteers import matching
from volunteers.matching import conditions, why
from volunteers.reads import starting
from volunteers.reads.starting import start_lines


@pytest.fixture
def circle(db):
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def staff(client, circle):
    user = factories.make_member(circle).user
    client.force_login(user)
    return user


def page_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def lacking(lines):
    return [line.title for line in lines if not line.is_met]


def lines_of(request, application):
    return why.explain(request, application)[0]


def break_ready(request, application):
    application.status = "new"


def break_alone(request, application):
    application.group_size, application.group_name = 5, "Kochgruppe"


def break_wish(request, application):
    request.wish = "woman"


def break_check(request, application):
    request.age_group = "minor"


def break_protected(request, application):
    request.programme = factories.make_programme("Lernpaten", organisation=request.organisation)
    factories.make_protection(request.programme)


def break_room(request, application):
    factories.make_tandem(
        factories.make_request("Olena", organisation=request.organisation), application
    )


def break_break(request, application):
    application.volunteer.break_until = timezone.localdate()
    application.volunteer.save()


def break_turned_down(request, application):
    factories.make_tandem(request, application, status="declined", volunteer_answer="no")


def break_not_together(request, application):
    request.companions = 3
    factories.make_tandem(request, application)


def break_two_people(request, application):
    request.email = application.email


def break_kept_back(request, application):
    factories.make_kept_apart(application.volunteer)


BREAK = {
    conditions.Ready: break_ready,
    conditions.ComesAlone: break_alone,
    conditions.GenderWish: break_wish,
    conditions.CheckedConduct: break_check,
    conditions.Protected: break_protected,
    conditions.HasRoom: break_room,
    conditions.NotOnBreak: break_break,
    conditions.NotKeptBack: break_kept_back,
    conditions.NotTurnedDown: break_turned_down,
    conditions.NotTogether: break_not_together,
    conditions.NotThemselves: break_two_people,
}
"""How each condition is broken; a new condition needs a line here."""


@pytest.mark.slow
@pytest.mark.parametrize("condition", conditions.CONDITIONS, ids=lambda one: type(one).__name__)
def test_page_shows_each_condition_of_the_matching_met_and_missing(
    client, staff, circle, condition
):
    request = factories.make_request(organisation=circle)
    application = factories.make_ready(circle, "Jan Berg", gender="man")
    assert str(condition.title) not in lacking(lines_of(request, application))
    BREAK[type(condition)](request, application)
    request.save()
    application.save()
    lines = lines_of(request, application)
    assert str(condition.title) in lacking(lines)
    (line,) = (one for one in lines if one.title == str(condition.title))
    assert line.text in [one.text for one in matching.obstacles(request, application)]
    page = page_of(client, admin_path(request, "why", application.pk))
    assert all(str(one.title) in page for one in conditions.CONDITIONS)
    assert line.text in page
    if line.path:
        assert f'<a href="{line.path}">Dort eintragen' in page


def test_a_new_condition_shows_by_itself(client, staff, circle, monkeypatch):
    class OnTuesdays:
        title = gettext_lazy("Es ist Dienstag")

        def allowed(self, seekers, helpers):
            return np.zeros((len(seekers), len(helpers)), dtype=np.bool_)

        def words(self, seeker, helper):
            return conditions.Obstacle("Heute ist nicht Dienstag.", can_be_mended=True)

    both = (*conditions.CONDITIONS, OnTuesdays())
    monkeypatch.setattr(conditions, "CONDITIONS", both)
    request = factories.make_request(organisation=circle)
    application = factories.make_ready(circle, "Ina Beste")
    page = page_of(client, admin_path(request, "why", application.pk))
    assert "Es ist Dienstag" in page
    assert "Heute ist nicht Dienstag." in page


def test_taken_request_and_other_placement_are_named(circle):
    request = factories.make_request(organisation=circle)
    cafe = factories.make_entry("Sprachcafé", organisation=circle)
    placed = factories.make_ready(circle, "Cem Café", entry=cafe, status="placed")
    assert lacking(lines_of(request, placed)) == ["Die Anmeldung kann zu einem Tandem führen"]
    factories.make_tandem(request, factories.make_ready(circle, "Ina Beste"))
    assert "Die Suche ist offen und ohne Vorschlag" in lacking(lines_of(request, placed))


@pytest.mark.slow
def test_nobody_sees_a_pair_with_a_foreign_person(client, staff, circle):
    north = factories.make_circle("Freundeskreis Nord")
    foreign = factories.make_ready(north, "Fremde Person")
    own = factories.make_request(organisation=circle)
    foreign_request = factories.make_request("Olena", organisation=north)
    application = factories.make_ready(circle, "Ina Beste")
    for path in (
        admin_path(own, "why", foreign.pk),
        admin_path(foreign_request, "why", application.pk),
        admin_path(foreign, "why"),
        f"{admin_path(application, 'why')}?angebot={foreign.entry_id or 0}",
    ):
        assert client.get(path).status_code == 404
    assert "Olena" not in page_of(client, f"{admin_path(application, 'why')}?q=olena").replace(
        'value="olena"', ""
    )


def test_start_needs_what_the_change_of_status_asks_for(client, staff, circle):
    programme = factories.make_programme(
        "WillkommensPaten", organisation=circle, requires_conduct_check=True
    )
    application = factories.make_ready(circle, "Ina Beste", entry=programme.entry_ptr, status="new")
    lines = start_lines(application, application.entry)
    assert len(lines) >= len(starting.START)
    assert lacking(lines) == ["Führungszeugnis", "Der Status lässt den Beginn zu"]
    page = page_of(client, admin_path(application, "why"))
    assert "Es fehlt: Führungszeugnis (Einsicht)." in page
    assert "Der Status ist „neu“." in page
    assert f'href="{admin_path(application)}"' in page


@pytest.mark.slow
def test_another_offer_is_found_and_says_that_nobody_signed_up(client, staff, circle):
    cafe = factories.make_entry("Sprachcafé", organisation=circle, places=1)
    factories.make_ready(circle, "Cem Café", entry=cafe, status="placed")
    application = factories.make_ready(circle, "Ina Beste")
    factories.make_request("Samira", organisation=circle)
    path = admin_path(application, "why")
    page = page_of(client, f"{path}?q=sprach")
    assert f"{path}?angebot={cafe.pk}" in page
    page = page_of(client, f"{path}?angebot={cafe.pk}")
    assert "Die Person ist für dieses Angebot nicht angemeldet." in page
    assert "Alle Plätze sind belegt." in page
    assert "Samira" in page_of(client, f"{path}?q=samira")


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "%00", "²", "0"])
def test_unknown_offer_is_404(client, staff, circle, value):
    application = factories.make_ready(circle, "Ina Beste")
    assert client.get(f"{admin_path(application, 'why')}?angebot={value}").status_code == 404


@pytest.mark.slow
def test_search_for_anything_gives_a_page(client, staff, circle):
    application = factories.make_ready(circle, "Ina Beste")
    for words in ("%00", "a " * 300, "<b>", '"', "\u202eabc"):
        page = page_of(client, f"{admin_path(application, 'why')}?q={words}")
        assert "<b>" not in page


@pytest.mark.slow
def test_pages_need_the_same_queries_however_many_records_there_are(client, staff, circle):
    application = factories.make_ready(circle, "Ina Beste")
    request = factories.make_request(organisation=circle)
    pages = (admin_path(request, "why", application.pk), f"{admin_path(application, 'why')}?q=a")

    def counted():
        with CaptureQueriesContext(connection) as queries:
            for path in pages:
                page_of(client, path)
        return len(queries)

    few = counted()
    for number in range(8):
        factories.make_ready(circle, f"Anna {number}")
        factories.make_request(f"Samira {number}", organisation=circle)
        factories.make_entry(f"Café {number}", organisation=circle)
    assert counted() == few
