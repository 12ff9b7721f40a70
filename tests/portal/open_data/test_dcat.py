"""The catalogue of the data sets keeps to DCAT-AP.de and says the same in both forms."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from portal.open_data.licences import LICENCES
from portal.open_data.lists import LISTS
from programs.models import Organisation
from tests.factories import make_clearing_office

pytestmark = [
    pytest.mark.django_db,
    # What rdflib reads JSON-LD with is old to itself.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),
]
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SHAPES = Path(__file__).with_name("shapes.ttl")
FORMS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
}


def read(client, form="ttl"):
    response = client.get(f"/open-data/katalog.{form}")
    name, content_type = FORMS[form]
    assert response.headers["Content-Type"] == content_type
    return Graph().parse(data=response.content, format=name)


def complaints(graph):
    conforms, _graph, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else text


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_catalogue_keeps_to_the_shapes(client, settings, form):
    make_clearing_office(phone="0711 216-1234", contact_role='Koordination „Neu“ "\\ \n')
    settings.OPEN_DATA_CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openDataBeispiel"
    assert complaints(read(client, form)) == ""


@pytest.mark.slow
def test_shapes_notice_what_is_missing(client):
    graph = read(client)
    one = next(graph.subjects(RDF.type, DCAT.Distribution))
    graph.remove((one, DCTERMS.license, None))
    graph.add((one, DCTERMS.format, Literal("CSV")))
    found = complaints(graph)
    assert "dcterms:license" in found
    assert "dcterms:format" in found


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
