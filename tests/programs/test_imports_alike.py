"""Rows of a list that look like a record: shown beside it, decided by a person, and done like that."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import FormerOrganisation, ListImport, Membership, Organisation
from tests import factories
from tests.clients import client_of
from tests.importing import can_confirm, preview_of, upload, work

pytestmark = pytest.mark.django_db

MODEL = "programs_organisation"
HEAD = "Name;Art der Organisation;Kurzbeschreibung;Webseite;Stadtbezirke\n"
ROW = "Arbeitskreis Asyl Sued e. V.;Freundeskreis;Neu geschrieben;https://neu.example.org;Süd\n"


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def sabine(office):
    return factories.make_member(office, role=Membership.Role.STAFF).user


@pytest.fixture
def circle(office):
    return factories.make_circle(
        "Arbeitskreis Asyl Süd (AKAS)",
        department=office,
        summary="Seit 2015",
        districts=[factories.make_district("sued")],
    )


def page_with(user, *rows):
    return upload(user, MODEL, (HEAD + "".join(rows)).encode())


def decide(user, response, **chosen):
    url = response.context["upload"].get_absolute_url()
    answer = client_of(user).post(url, {"step": "decide", **chosen})
    if answer.status_code == 302:
        work()
        answer = client_of(user).get(url)
    return answer


def confirm(user, response):
    url = response.context["upload"].get_absolute_url()
    digest = ListImport.objects.get().digest
    client_of(user).post(url, {"step": "confirm", "digest": digest})
    work()
    assert ListImport.objects.get().state == ListImport.State.DONE


@pytest.mark.slow
def test_a_row_that_looks_like_a_record_is_shown_beside_it_and_not_taken_in(sabine, circle):
    response = page_with(sabine, ROW)

    page = response.content.decode()
    assert "Gibt es die schon?" in page
    assert "Arbeitskreis Asyl Süd (AKAS)" in page
    assert "Seit 2015" in page
    assert "gleicher Name · gleicher Stadtbezirk" in page
    assert f'value="merge:{circle.pk}"' in page
    assert not can_confirm(response)
    url = response.context["upload"].get_absolute_url()
    client_of(sabine).post(url, {"step": "confirm", "digest": ""})
    work()
    assert Organisation.objects.filter(department=circle.department).count() == 1


@pytest.mark.slow
def test_merging_adds_only_what_the_record_lacks(sabine, circle):
    response = decide(sabine, page_with(sabine, ROW), row_2=f"merge:{circle.pk}")

    assert can_confirm(response)
    confirm(sabine, response)
    circle.refresh_from_db()
    assert circle.title == "Arbeitskreis Asyl Süd (AKAS)"
    assert circle.summary == "Seit 2015"
    assert circle.website == "https://neu.example.org"
    assert Organisation.objects.filter(department=circle.department).count() == 1


@pytest.mark.slow
def test_merging_adds_districts_where_there_were_none(sabine, circle):
    circle.districts.clear()
    confirm(sabine, decide(sabine, page_with(sabine, ROW), row_2=f"merge:{circle.pk}"))

    assert [str(one) for one in circle.districts.all()] == ["Süd"]


@pytest.mark.slow
def test_the_same_means_that_the_row_replaces_what_was_there(sabine, circle):
    confirm(sabine, decide(sabine, page_with(sabine, ROW), row_2=f"same:{circle.pk}"))

    circle.refresh_from_db()
    assert circle.title == "Arbeitskreis Asyl Sued e. V."
    assert circle.summary == "Neu geschrieben"
    assert Organisation.objects.filter(department=circle.department).count() == 1


@pytest.mark.slow
def test_new_makes_a_record_of_its_own(sabine, circle):
    confirm(sabine, decide(sabine, page_with(sabine, ROW), row_2="new"))

    circle.refresh_from_db()
    assert circle.title == "Arbeitskreis Asyl Süd (AKAS)"
    made = Organisation.objects.exclude(pk=circle.pk).get(department=circle.department)
    assert made.title == "Arbeitskreis Asyl Sued e. V."


@pytest.mark.slow
def test_every_row_is_decided_for_itself(sabine, circle, office):
    cafe = factories.make_initiative("Café Welt", department=office)
    others = "Cafe Welt;Initiative;;;\nGanz anders;Initiative;;;\n"
    response = page_with(sabine, ROW, others)

    assert [row["number"] for row in preview_of(response)["undecided"]] == [2, 3]
    refused = decide(sabine, response, row_2="new")
    assert refused.status_code == 422
    assert "Bitte sagen Sie, was das ist." in refused.content.decode()
    confirm(sabine, decide(sabine, response, row_2="new", row_3=f"merge:{cafe.pk}"))
    assert Organisation.objects.filter(department=office).count() == 4


@pytest.mark.slow
def test_what_was_decided_is_asked_again_after_going_back_to_the_columns(sabine, circle):
    response = decide(sabine, page_with(sabine, ROW), row_2="new")
    url = response.context["upload"].get_absolute_url()
    client_of(sabine).post(url, {"step": "back"})

    assert ListImport.objects.get().decisions is None


@pytest.mark.slow
@pytest.mark.parametrize("value", ["", "same", "merge:", "merge:0", "same:x", "new:1", "<b>"])
def test_a_tampered_decision_is_refused(value, sabine, circle):
    foreign = factories.make_circle("Arbeitskreis Asyl Süd")
    response = page_with(sabine, ROW)

    for sent in (value, f"same:{foreign.pk}"):
        assert decide(sabine, response, row_2=sent).status_code == 422
    assert ListImport.objects.get().decisions is None


@pytest.mark.slow
def test_organisations_of_others_are_not_shown(sabine, circle):
    circle.delete()
    factories.make_circle("Arbeitskreis Asyl Süd", summary="Geheim")

    response = page_with(sabine, ROW)
    assert preview_of(response)["undecided"] == []
    assert can_confirm(response)


@pytest.mark.slow
def test_a_record_that_went_meanwhile_is_told_and_nothing_is_taken_in(sabine, circle):
    response = decide(sabine, page_with(sabine, ROW), row_2=f"merge:{circle.pk}")
    digest = ListImport.objects.get().digest
    Organisation.objects.filter(pk=circle.pk).delete()

    url = response.context["upload"].get_absolute_url()
    client_of(sabine).post(url, {"step": "confirm", "digest": digest})
    work()

    page = client_of(sabine).get(url).content.decode()
    assert "gibt es nicht mehr" in page
    assert not Organisation.objects.filter(title__contains="Asyl").exists()


@pytest.mark.slow
def test_the_same_name_in_the_same_spelling_needs_no_question(sabine, circle):
    response = page_with(sabine, ROW.replace("Sued e. V.", "Süd (AKAS)"))

    assert preview_of(response)["undecided"] == []
    assert preview_of(response)["totals"]["update"] == 1


@pytest.mark.slow
def test_a_row_with_the_name_of_a_merged_organisation_looks_like_the_one_that_stayed(
    sabine, circle
):
    FormerOrganisation.objects.create(kept=circle, number=4711, slug="ffb", title="Café Welt")
    response = page_with(sabine, "Cafe Welt;Initiative;;;\n")

    [row] = preview_of(response)["undecided"]
    assert [record["pk"] for record in row["records"]] == [str(circle.pk)]


@pytest.mark.slow
def test_more_rows_take_no_more_queries_to_compare(sabine, circle, office):
    def queries(number):
        rows = [f"Arbeitskreis Asyl {n} Sued;Freundeskreis;;;\n" for n in range(number)]
        for n in range(number):
            factories.make_circle(f"Arbeitskreis Asyl {n} Süd", department=office)
        ListImport.objects.all().delete()
        page = page_with(sabine, *rows)
        assert len(preview_of(page)["undecided"]) == number
        url = page.context["upload"].get_absolute_url()
        with CaptureQueriesContext(connection) as captured:
            client_of(sabine).get(url)
        return len(captured)

    assert queries(1) == queries(12)
