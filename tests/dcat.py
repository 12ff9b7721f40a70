"""``make dcat-check SHAPES=folder``: whether the catalogue of open data keeps to any shapes (SHACL) in a folder.

All files in the folder count together, shapes and code lists alike: ``*.ttl``, ``*.rdf`` and ``*.jsonld``, also in
folders below. Nothing is fetched: code lists that the shapes import have to lie there, too, else the rules about
them fail. The catalogue is that of the starting data, or with ``CATALOGUE=file`` the one that a portal gave.

The exit code is 1 when a rule of severity Violation is broken, 2 when nothing could be checked.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from pyshacl import validate
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import DCTERMS, FOAF, OWL, RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

FORMATS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
SEVERITIES = ("Violation", "Warning", "Info")
EXAMPLES = 3


class CannotCheck(Exception):
    """There is nothing to check, or nothing to check with. The message says what is missing."""


class Rule(NamedTuple):
    """What is broken; all its results are one finding."""

    severity: str
    name: str
    message: str


class Report(NamedTuple):
    files: int
    shapes: int
    """Node and property shapes in force."""
    imports: list[str]
    """What the shapes import and the folder does not have."""
    broken: dict[Rule, list[str]]
    """Rule → where, as one line each."""

    def count(self, severity: str) -> int:
        return sum(len(where) for rule, where in self.broken.items() if rule.severity == severity)

    def lines(self) -> Iterator[str]:
        for rule, where in sorted(self.broken.items(), key=_order):
            yield f"{rule.severity:9} {len(where):4} × {rule.message} [{rule.name}]"
            yield from (f"{'':17}{one}" for one in where[:EXAMPLES])
        if self.imports:
            yield "Not fetched, and not in the folder (rules about these code lists fail without them):"
            yield from (f"  {one}" for one in self.imports)
        counts = ", ".join(f"{one.lower()}s: {self.count(one)}" for one in SEVERITIES)
        yield f"files: {self.files}, shapes: {self.shapes}, {counts}"


def _order(item: tuple[Rule, list[str]]) -> tuple[int, int, str]:
    rule, where = item
    return SEVERITIES.index(rule.severity), -len(where), rule.message


def read(path: Path) -> Graph:
    try:
        return Graph().parse(path, format=FORMATS[path.suffix])
    except KeyError:
        raise CannotCheck(f"{path} ends with none of {', '.join(FORMATS)}.") from None
    except FileNotFoundError:
        raise CannotCheck(f"There is no file {path}.") from None
    except Exception as error:  # whatever a parser raises
        first = str(error).strip().partition("\n")[0]
        raise CannotCheck(f"{path} cannot be read: {first or type(error).__name__}") from error


def read_folder(folder: Path) -> tuple[int, Graph]:
    """The number of files, and all that they say."""
    if not folder.is_dir():
        raise CannotCheck(f"There is no folder {folder}.")
    paths = sorted(one for one in folder.rglob("*") if one.suffix in FORMATS and one.is_file())
    if not paths:
        raise CannotCheck(f"In {folder} there is no file that ends with {', '.join(FORMATS)}.")
    shapes = Graph()
    for path in paths:
        shapes += read(path)
    if not _number_of_shapes(shapes):
        raise CannotCheck(f"The files in {folder} contain no shapes (SHACL).")
    return len(paths), shapes


def _number_of_shapes(shapes: Graph) -> int:
    found = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.objects(None, SH.property)}
    off = {one for one, value in shapes.subject_objects(SH.deactivated) if value.toPython()}  # type: ignore[attr-defined]  # a literal
    return len(found - off)


def _well_formed(shapes: Graph) -> None:
    """Say in SHACL's own words what GovData's shapes say in a way that only some validators understand.

    A node shape that is a property shape is meant as one with that property; a property shape without a path
    is meant as one more shape for the same nodes.
    """
    for one, inner in list(shapes.subject_objects(SH.node)):
        if (inner, SH.path, None) in shapes:
            outer = BNode()
            shapes.remove((one, SH.node, inner))
            shapes.add((one, SH.node, outer))
            shapes.add((outer, SH.property, inner))
    for one, inner in list(shapes.subject_objects(SH.property)):
        if (inner, SH.path, None) not in shapes and (inner, None, None) in shapes:
            shapes.remove((one, SH.property, inner))
            shapes.add((inner, RDF.type, SH.NodeShape))
            for target in TARGETS:
                for value in shapes.objects(one, target):
                    shapes.add((inner, target, value))


def check(catalogue: Graph, folder: Path) -> Report:
    files, shapes = read_folder(folder)
    number = _number_of_shapes(shapes)
    _well_formed(shapes)
    imports = {
        str(one) for one in shapes.objects(None, OWL.imports) if (one, None, None) not in shapes
    }
    # Code lists lie beside the shapes: the catalogue names their entries.
    try:
        _conforms, results, _text = validate(
            catalogue + shapes, shacl_graph=shapes, do_owl_imports=False, inplace=True
        )
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError) as error:
        raise CannotCheck(f"The shapes cannot be used: {error}") from error
    assert isinstance(results, Graph)
    ours = set(catalogue.subjects())
    broken = defaultdict(list)
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(result, SH.focusNode)
        # The report has blank nodes of its own; code lists have names for theirs.
        if isinstance(focus, BNode) or focus in ours:
            broken[_rule(results, result)].append(_where(results, result))
    ordered = {rule: sorted(where) for rule, where in broken.items()}
    return Report(files, number, sorted(imports), ordered)


def _rule(results: Graph, result: Node) -> Rule:
    shape = results.value(result, SH.sourceShape)
    path = results.value(result, SH.resultPath)
    component = results.value(result, SH.sourceConstraintComponent)
    kind = _short(component).removesuffix("ConstraintComponent")
    severity = _short(results.value(result, SH.resultSeverity))
    if isinstance(shape, URIRef):
        messages = sorted(map(str, results.objects(result, SH.resultMessage)))
        return Rule(severity, _short(shape), " ".join(messages[:1]) or kind)
    return Rule(severity, kind, f"{_kind_of(results, result)} {_short(path)}: {kind}")


def _kind_of(results: Graph, result: Node) -> str:
    focus = results.value(result, SH.focusNode)
    return _short(results.value(focus, RDF.type)) if isinstance(focus, BNode) else ""


def _where(results: Graph, result: Node) -> str:
    """The node, named as far as it has a name, and the value that does not fit."""
    focus = results.value(result, SH.focusNode)
    names = (results.value(focus, one) for one in (DCTERMS.title, FOAF.name, VCARD.fn))
    name = next((str(one) for one in names if one is not None), "a node without a name")
    value = results.value(result, SH.value)
    shown = "" if value is None or isinstance(value, BNode) else f": {value}"
    return f"{focus if isinstance(focus, URIRef) else name}{shown}"


def _short(node: Node | None) -> str:
    """The last part of an address."""
    return "" if node is None else str(node).rpartition("#")[2].rpartition("/")[2]


def of_starting_data() -> Graph:
    """What a new portal says about its data, from a database of its own."""
    from django.core.management import call_command
    from django.utils.translation import override

    from tests.bench.__main__ import set_up_django, tear_down

    set_up_django()
    try:
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0, stdout=StringIO())
        from portal.open_data import dcat, rdf

        with override("de"):
            return Graph().parse(data=rdf.as_turtle(dcat.catalogue()), format="turtle")
    finally:
        tear_down()


def main(arguments: list[str]) -> int:
    try:
        folder, *catalogue = arguments or [""]
        if not folder:
            raise CannotCheck("Name the folder with the shapes: make dcat-check SHAPES=folder")
        read_folder(Path(folder))
        graph = read(Path(catalogue[0])) if catalogue else of_starting_data()
        report = check(graph, Path(folder))
    except CannotCheck as reason:
        print(reason, file=sys.stderr)
        return 2
    print(*report.lines(), sep="\n")
    return int(report.count("Violation") > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
