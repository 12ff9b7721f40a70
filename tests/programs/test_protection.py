"""The protection concept of a programme: where, when, whom to call, and who keeps it."""

import json

import pytest
from django.db import IntegrityError, transaction

from portal.reference.kinds import KINDS
from portal.reference.loader import load
from programs.addresses import admin_path
from programs.models import ProtectionConcept
from tests import factories
from tests.programs.test_admin import form_data

pytestmark = pytest.mark.django_db

TEXTS = {
    "meeting_places": "In der Schule",
    "meeting_times": "Bis 18 Uhr",
    "first_meeting_with": "jemand von der Koordination",
    "contact_role": "Koordination der Lernpaten",
    "phone": "0711 216-57000",
    "phone_hours": "",
    "note_for_family": "Sie dürfen dabei sein.",
    "note_for_volunteers": "",
}


def save(client, programme, **changes):
    """Send the page of the programme back, with the concept of ``TEXTS``."""
    page = admin_path(programme)
    data = form_data(client.get(page))
    data |= {f"protection-0-{name}": value for name, value in (TEXTS | changes).items()}
    data |= {"protection-TOTAL_FORMS": 1, "protection-0-programme": programme.pk}
    return client.post(page, data)


@pytest.mark.slow
def test_coordinator_writes_it_and_the_history_of_the_programme_shows_it(client):
    circle = factories.make_circle()
    programme = factories.make_programme("Lernpaten", organisation=circle)
    client.force_login(factories.make_member(circle).user)
    response = save(client, programme, phone="anrufen!", meeting_times="")
    assert "Bitte schreiben Sie die Telefonnummer nur mit Ziffern" in response.text
    assert not ProtectionConcept.objects.exists()
    assert save(client, programme).status_code == 302
    assert programme.protection.meeting_places == "In der Schule"
    history = client.get(admin_path(programme, "history")).text
    assert "Schutzkonzept" in history
    assert "0711 216-57000" in history


@pytest.mark.slow
def test_nobody_of_another_organisation_reaches_it(client):
    programme = factories.make_programme("Lernpaten", organisation=factories.make_circle())
    other = factories.make_member(factories.make_circle("Anderer Kreis")).user
    concept = factories.make_protection(programme)
    client.force_login(other)
    assert client.get(admin_path(programme)).status_code == 404
    assert concept not in ProtectionConcept.objects.visible_to(other)


@pytest.mark.parametrize("name", ["meeting_places", "meeting_times", "contact_role", "phone"])
def test_it_says_where_when_and_whom_to_call(name):
    programme = factories.make_programme()
    with pytest.raises(IntegrityError, match="protection_says"), transaction.atomic():
        factories.make_protection(programme, **{name: ""})


def test_the_page_says_it_in_short_and_the_notes_stay_for_whom_they_are(client):
    programme = factories.make_prepared_programme("Lernpaten", requires_conduct_check=True)
    entry = factories.make_entry("Lesen üben", part_of=programme)
    assert "So schützen wir alle" not in client.get(programme.get_absolute_url()).text
    concept = factories.make_protection(programme, meeting_places="<b>Schule</b>")
    for address in (programme.get_absolute_url(), entry.get_absolute_url()):
        page = client.get(address).text
        assert "So schützen wir alle" in page
        for title in (*programme.steps.values_list("title", flat=True), "Führungszeugnis"):
            assert f"<li>{title}</li>" in page
        assert "&lt;b&gt;Schule&lt;/b&gt;" in page
        assert 'href="tel:+4971121657000"' in page
        assert concept.note_for_family not in page
        assert concept.note_for_volunteers not in page
    programme.status = "ended"
    programme.save()
    assert "So schützen wir alle" not in client.get(programme.get_absolute_url()).text


def test_starting_data_may_bring_it_and_keeps_what_staff_changed(tmp_path):
    factories.make_organisation("Amt", slug="amt")
    record = {
        "slug": "lernpaten",
        "title": "Lernpaten",
        "type": "mentoring",
        "organisation": "amt",
        "source": "Amt",
        "as_of": "2026-01-01",
        "protection": [TEXTS],
    }
    write_data(tmp_path, record)
    load(folder=tmp_path)
    concept = ProtectionConcept.objects.get(programme__slug="lernpaten")
    assert concept.phone == TEXTS["phone"]
    write_data(tmp_path, record | {"protection": [TEXTS | {"meeting_times": "Bis 19 Uhr"}]})
    load(folder=tmp_path)
    assert ProtectionConcept.objects.get().meeting_times == "Bis 19 Uhr"
    ProtectionConcept.objects.update(meeting_times="Bis 17 Uhr")
    write_data(tmp_path, record | {"protection": []})
    load(folder=tmp_path)
    assert ProtectionConcept.objects.get().meeting_times == "Bis 17 Uhr"


def write_data(folder, programme):
    """A data folder with nothing but this programme."""
    for kind in KINDS:
        for name in kind.files:
            if "." in name:
                (folder / name).write_text("[]")
            else:
                (folder / name).mkdir(exist_ok=True)
    (folder / "programmes.json").write_text(json.dumps([programme]))
