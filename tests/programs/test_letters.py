"""Addresses for a mail merge: one row a letter, one line a cell, and nobody without an address."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs.models import Organisation, SavedList
from programs.models.organisations import POSTAL
from programs.resources import LetterResource
from tests import factories
from tests.clients import client_of
from tests.programs.test_exports import READ
from volunteers.models import ExportRecord

pytestmark = pytest.mark.django_db

HEADINGS = ["Anrede", "Name", "Ansprechstelle", "Straße", "PLZ", "Ort"]
GREETING = "Sehr geehrte Damen und Herren"
ADDRESS = {"post_street": "Stuttgarter Straße 1", "post_code": "01067", "post_city": "Stuttgart"}


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def staff(office):
    return factories.make_member(office, role="staff").user


def circle(office, title, **fields):
    return factories.make_circle(title, department=office, **fields)


def letters(user, key="csv", **filters):
    url = reverse("admin:programs_organisation_export", query=filters)
    data = {"purpose": "Einladung zum Jahrestreffen", "format": key, "letters": "on"}
    response = client_of(user).post(url, data)
    return READ[key](b"".join(response.streaming_content))


@pytest.mark.parametrize("key", ["csv", "xlsx", "ods"])
def test_word_finds_a_row_for_each_letter(office, staff, key):
    circle(office, "Kreis Nord", contact_role="Koordination", **ADDRESS)
    circle(office, "Kreis Ost", contact_role="Büro", post_to="bei Familie Muster", **ADDRESS)
    circle(office, "Ohne Anschrift")
    circle(office, "Ohne Ort", **ADDRESS | {"post_city": ""})
    circle(office, "Firma", **ADDRESS, status="ended")
    assert letters(staff, key, status__exact="active", type__exact="circle") == [
        HEADINGS,
        [GREETING, "Kreis Nord", "Koordination", "Stuttgarter Straße 1", "01067", "Stuttgart"],
        [GREETING, "Kreis Ost", "bei Familie Muster", "Stuttgarter Straße 1", "01067", "Stuttgart"],
    ]
    record = ExportRecord.objects.get()
    assert record.rows == 2
    assert record.filter.endswith("Adressen für Serienbriefe")


def test_no_cell_has_a_line_break_and_no_row_is_empty(office, staff):
    circle(office, "Kreis\nNord", post_to="bei\r\nFamilie\u2028 Muster", **ADDRESS)
    headings, *rows = LetterResource(staff).rows(Organisation.objects.all())
    assert headings == HEADINGS
    assert rows == [[GREETING, "Kreis Nord", "bei Familie Muster", *ADDRESS.values()]]
    assert not any("\n" in cell for row in [headings, *rows] for cell in row)


def test_only_the_organisations_of_the_user_get_a_letter(office, staff):
    circle(office, "Unserer", **ADDRESS)
    factories.make_circle("Fremder", **ADDRESS)
    assert [row[1] for row in letters(staff)[1:]] == ["Unserer"]


def test_saved_list_for_letters_comes_as_letters_again(office, staff):
    circle(office, "Kreis Nord", **ADDRESS)
    client = client_of(staff)
    query = {"liste": "programs.organisation", "filter": "type__exact=circle"}
    url = reverse("admin:programs_savedlist_add", query=query)
    client.post(url, {"name": "Verteiler Freundeskreise Nord", "letters": "on"})
    saved = SavedList.objects.get()
    assert saved.letters
    page = client.get(reverse("admin:programs_savedlist_export", args=[saved.pk]))
    assert page.context_data["form"]["letters"].value() is True


def test_other_lists_offer_no_letters(staff):
    page = client_of(staff).get(reverse("admin:programs_event_export"))
    assert "letters" not in page.context_data["form"].fields


def test_large_export_of_letters_is_made_by_a_worker(office, staff, settings, run_jobs):
    settings.EXPORT_AT_ONCE_ROWS = 0
    circle(office, "Kreis Nord", **ADDRESS)
    url = reverse("admin:programs_organisation_export")
    data = {"purpose": "Einladung", "format": "csv", "letters": "on"}
    waiting = client_of(staff).post(url, data)
    run_jobs()
    content = reverse("admin:export_content", args=[waiting.headers["Location"].split("/")[-2]])
    sent = client_of(staff).get(content)
    rows = READ["csv"](b"".join(sent.streaming_content))
    assert [row[1] for row in rows] == ["Name", "Kreis Nord"]


def test_coordinators_of_others_and_the_public_never_see_where_post_goes(office, client):
    one = circle(office, "Kreis Nord", slug="nord", post_to="bei Familie Geheim", **ADDRESS)
    assert "Stuttgarter Straße 1" not in client.get(one.get_absolute_url()).content.decode()
    reporting = factories.make_member(
        office, factories.make_user("bericht@example.org"), role="reporting"
    ).user
    page = client_of(reporting).get(reverse("admin:programs_organisation_change", args=[one.pk]))
    assert page.status_code == 200
    assert "Familie Geheim" not in page.content.decode()


@pytest.mark.parametrize("code", ["7017", "7017a", "٧٠١٧٣", "70173\n", "701733"])
def test_postcode_has_five_digits(office, code):
    one = circle(office, "Kreis Nord")
    one.post_code = code
    with pytest.raises(ValidationError) as refused:
        one.full_clean()
    assert set(refused.value.message_dict) == {"post_code"}


def test_history_tells_that_the_address_changed_without_it(office):
    one = circle(office, "Kreis Nord")
    Organisation.objects.filter(pk=one.pk).update(**ADDRESS)
    rows = Organisation.pgh_event_model.objects.filter(pgh_obj_id=one.pk, pgh_label="person")
    assert rows.count() == 1
    kept = {field.name for field in Organisation.pgh_event_model._meta.local_fields}
    assert not kept & set(POSTAL)
