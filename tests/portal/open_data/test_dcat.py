"""The catalogue of the data sets keeps to DCAT-AP.de and says the same in both forms."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from portal.open_data.dcat import PLACE
from portal.open_data.licences import LICENCES
from portal.open_data.lists import LISTS
from portal.reference.files import DATA
from programs.models import Event, Field, Organisation
from tests import dcat
from tests.factories import make_clearing_office, make_event, make_field

pytestmark = [
    pytest.mark.django_db,
    # What rdflib reads JSON-LD with is old to itself.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),
]
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SHAPES = Path(__file__).parent
FORMS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
}


def read(client, form="ttl"):
    response = client.get(f"/open-data/katalog.{form}")
    name, content_type = FORMS[form]
    assert response.headers["Content-Type"] == content_type
    return Graph().parse(data=response.content, format=name)


def moment(graph, name, what):
    """When the list was issued or modified, to the second."""
    (one,) = (
        one
        for one in graph.subjects(RDF.type, DCAT.Dataset)
        if str(graph.value(one, DCTERMS.identifier)).endswith(f"/{name}")
    )
    found = graph.value(one, what)
    return found and found.toPython()


def complaints(graph):
    """The messages of the rules that are broken, by severity."""
    report = dcat.check(graph, SHAPES)
    return {
        one: [rule.message for rule in report.broken if rule.severity == one]
        for one in dcat.SEVERITIES
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_catalogue_keeps_to_the_shapes(client, settings, form):
    make_clearing_office(phone="0711 216-1234", contact_role='Koordination „Neu“ "\\ \n')
    settings.OPEN_DATA_CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openDataBeispiel"
    assert complaints(read(client, form))["Violation"] == []


@pytest.mark.slow
def test_shapes_notice_what_is_missing(client):
    graph = read(client)
    one = next(graph.subjects(RDF.type, DCAT.Distribution))
    graph.remove((one, DCTERMS.license, None))
    graph.add((one, DCTERMS.format, Literal("CSV")))
    found = complaints(graph)["Violation"]
    assert any("license" in one for one in found)
    assert any("format" in one for one in found)


def test_both_forms_say_the_same(client):
    make_clearing_office(phone="0711 216-1234")
    assert isomorphic(read(client, "ttl"), read(client, "jsonld"))


def test_every_list_is_a_data_set_whose_addresses_answer(client):
    graph = read(client)
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == len(LISTS)
    addresses = {str(one) for one in graph.objects(None, DCAT.accessURL)}
    assert len(addresses) == 2 * len(LISTS)
    for address in addresses:
        assert client.get(address.partition("8000")[2]).status_code == 200, address


def test_times_are_those_of_the_records(client):
    office = make_clearing_office()
    begun = timezone.now() - timedelta(days=30)
    Organisation.objects.filter(pk=office.pk).update(published_at=begun)
    event = make_event()
    Event.objects.filter(pk=event.pk).update(created_at=begun)
    before = read(client)
    assert moment(before, "organisations", DCTERMS.issued) == begun.replace(microsecond=0)
    assert moment(before, "events", DCTERMS.issued) == begun.replace(microsecond=0)
    assert moment(before, "fields", DCTERMS.issued) == begun.replace(microsecond=0)

    # Whatever changes is newer than the list said; what is not public any more is a change, too.
    longer_ago = timezone.now() - timedelta(days=2)
    Organisation.objects.update(updated_at=longer_ago)
    assert moment(read(client), "organisations", DCTERMS.modified) == longer_ago.replace(
        microsecond=0
    )
    Organisation.objects.update(is_published=False)
    assert moment(read(client), "organisations", DCTERMS.modified) > longer_ago + timedelta(days=1)


def test_terms_know_when_they_changed():
    field = make_field()
    field.refresh_from_db()
    made = field.updated_at
    field.save()
    field.refresh_from_db()
    assert field.updated_at == made
    Field.objects.filter(pk=field.pk).update(trend=Field.Trend.GROWING)
    field.refresh_from_db()
    assert field.updated_at > made


def test_list_without_records_has_no_times(client):
    Event.objects.all().delete()
    assert moment(read(client), "events", DCTERMS.issued) is None


def test_districts_lie_in_the_place_of_the_catalogue():
    numbers = [float(one) for one in re.findall(r"[0-9.]+", PLACE["dcat:bbox"].text)]
    lengths, breadths = numbers[::2], numbers[1::2]
    for one in json.loads((DATA / "districts.json").read_text(encoding="utf-8")):
        assert min(lengths) < one["longitude"] < max(lengths)
        assert min(breadths) < one["latitude"] < max(breadths)


def test_contact_is_a_function(client):
    make_clearing_office("Sozialamt", contact_role="Clearingstelle", phone="0711 216-1234")
    Organisation.objects.update(contact_email="vera.lang@example.org")
    response = client.get("/open-data/katalog.ttl")
    graph = read(client)
    (name,) = set(graph.objects(None, VCARD.fn))
    assert str(name) == "Clearingstelle (Sozialamt)"
    assert "vera.lang" not in response.text
    assert "mailto:" not in response.text


@pytest.mark.parametrize("key", LICENCES)
def test_licence_is_that_of_the_settings(client, settings, key):
    settings.OPEN_DATA_LICENCE = key
    found = set(read(client).objects(None, DCTERMS.license))
    assert found == {URIRef(LICENCES[key].uri)}
    page = client.get("/open-data/").text
    assert LICENCES[key].address in page


def test_page_leads_to_everything(client):
    page = client.get("/open-data/").text
    for address in (
        "/api/v1/",
        "/api/v1/openapi.json",
        "/open-data/katalog.ttl",
        "/mitmachen.atom",
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    for one in LISTS.values():
        assert f"/api/v1/{one.name}.csv" in page
    assert 'href="/open-data/"' in client.get("/").text


def test_other_forms_are_not_found(client):
    assert client.get("/open-data/katalog.xml").status_code == 404
