"""``make dcat-check``: any folder of shapes, its counts and its words when there is nothing to check."""

from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, BNode, Graph, Literal, URIRef

from tests import dcat

SHAPES = Path(__file__).parent
RULES = """
@prefix : <urn:rules#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:rules> owl:imports <urn:list:there>, <urn:list:elsewhere> .
:Title sh:path dcterms:title ; sh:minCount 1 ; sh:message "A title is missing." .
:Issued sh:path dcterms:issued ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Since when?" .
:Theme sh:path dcat:theme ; sh:message "Not in the list." ;
  sh:node [ sh:path skos:inScheme ; sh:hasValue <urn:list:there> ] .
:Reach sh:message "No page and no mail." ; sh:severity sh:Info ;
  sh:or ( [ sh:path dcat:landingPage ; sh:minCount 1 ] [ sh:path dcat:contactPoint ; sh:minCount 1 ] ) .
:Off sh:path dcterms:title ; sh:maxCount 0 ; sh:deactivated true .
:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property :Title, :Issued, :Theme, :Off, :Reach .
:Concept a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .
"""
LIST = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
  <skos:ConceptScheme rdf:about="urn:list:there"/>
  <skos:Concept rdf:about="urn:list:there:one"><skos:inScheme rdf:resource="urn:list:there"/></skos:Concept>
</rdf:RDF>
"""

NONSENSE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:node <urn:missing> .
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "rules.ttl").write_text(RULES, encoding="utf-8")
    (tmp_path / "lists" / "there.rdf").write_text(LIST, encoding="utf-8")
    (tmp_path / "README.md").write_text("not read", encoding="utf-8")
    return tmp_path


def catalogue(theme="urn:list:there:one", title="Orte"):
    graph, one = Graph(), URIRef("urn:set")
    graph.add((one, RDF.type, DCAT.Dataset))
    graph.add((one, DCAT.theme, URIRef(theme)))
    if title:
        graph.add((one, DCTERMS.title, Literal(title)))
    return graph


def write(graph, folder):
    path = folder.parent / f"{folder.name}.ttl"
    graph.serialize(path, format="turtle")
    return str(path)


def test_only_violations_fail(folder, capsys):
    assert dcat.main([str(folder), write(catalogue(), folder)]) == 0
    printed = capsys.readouterr().out
    assert "Warning      1 × Since when? [Issued]" in printed
    assert "Info         1 × No page and no mail. [Reach]" in printed
    assert printed.endswith("files: 2, shapes: 7, violations: 0, warnings: 1, infos: 1\n")


def test_rules_that_are_broken_are_named_with_their_place(folder, capsys):
    assert dcat.main([str(folder), write(catalogue("urn:other", title=""), folder)]) == 1
    printed = capsys.readouterr().out
    assert "Violation    1 × A title is missing. [Title]" in printed
    assert "Violation    1 × Not in the list. [Theme]" in printed
    assert "urn:set: urn:other" in printed


def test_lists_that_are_not_in_the_folder_are_named(folder, capsys):
    dcat.main([str(folder), write(catalogue(), folder)])
    printed = capsys.readouterr().out
    assert "urn:list:elsewhere" in printed
    assert "  urn:list:there\n" not in printed


def test_node_without_an_address_is_named_by_what_it_says():
    graph = Graph()
    agent = BNode()
    graph.add((agent, RDF.type, FOAF.Agent))
    report = dcat.check(graph, SHAPES)
    assert [rule.message for rule in report.broken] == ["Agent name: MinCount"]
    assert report.count("Violation") == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "There is no folder"),
        (lambda path: path.mkdir(), "there is no file that ends with .ttl, .rdf, .jsonld"),
        (
            lambda path: (path.mkdir(), (path / "a.ttl").write_text("<a> nonsense")),
            "a.ttl cannot be read: ",
        ),
        (
            lambda path: (path.mkdir(), (path / "a.ttl").write_text("<urn:a> <urn:b> 1 .")),
            "contain no shapes",
        ),
    ],
)
def test_nothing_to_check_with(tmp_path, capsys, make, words):
    folder = tmp_path / "shapes"
    make(folder)
    assert dcat.main([str(folder)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "make dcat-check SHAPES=folder"),
        ([""], "make dcat-check SHAPES=folder"),
        ([str(SHAPES), "missing.ttl"], "There is no file missing.ttl."),
        ([str(SHAPES), "katalog.csv"], "ends with none of .ttl, .rdf, .jsonld"),
    ],
)
def test_nothing_to_check(capsys, arguments, words):
    assert dcat.main(arguments) == 2
    assert words in capsys.readouterr().err
