"""Every PDF of the portal passes PDF/UA-1 as typst checks it, whichever template it comes from.

typst refuses to make a file that breaks a rule of the standard; that it was asked to, stands in the file.
"""

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.figures.measures import Split
from portal.languages.addresses import GERMAN, ONLY_GERMAN, in_language
from tests.house.test_access import _address, arguments, people  # noqa: F401  fixtures
from tests.portal.figures import made_up
from volunteers.papers import printing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "programs", "volunteers", "welcome_rooms")
ADDRESSES = (
    "portal:entry_poster",
    "portal:event_poster",
    "programs:half_year",
    "volunteers:certificate_pdf",
    "volunteers:conduct_check_letter",
    "admin:programs_event_door",
    "admin:volunteers_application_conduct_check_letter",
    "admin:volunteers_certificate_pdf",
)
NO_PDF = {"picture.typ"}
"""Drawn as PNG."""
OF_STANDARD = b"<pdfuaid:part>1</pdfuaid:part>"


def papers_of(client: Client, arguments) -> Iterator[tuple[str, bytes]]:  # noqa: F811
    """Address → its PDF: in every language that it has, posters also in two at once."""
    for name in ADDRESSES:
        german = _address(name, arguments)
        only = name in ONLY_GERMAN or name.startswith("admin:")
        codes = [GERMAN] if only else [code for code, _name in settings.LANGUAGES]
        paths = [in_language(german, code) for code in codes]
        paths += [f"{german}?mit=ar", f"{german}?mit=uk"] if name.endswith("poster") else []
        for path in paths:
            response = client.get(path)
            assert response.headers["Content-Type"] == "application/pdf", path
            yield path, response.content
    for inside in ("", "on"):
        data = {"format": "pdf", "purpose": "Bericht an den Sozialausschuss", "inside": inside}
        yield f"report {inside}", client.post(reverse("admin:reports"), data).content


def test_every_paper_is_tagged_in_its_language_with_a_title_and_a_text_for_each_picture(
    people,  # noqa: F811
    arguments,  # noqa: F811
    monkeypatch,
):
    publish_figures(people)
    used, compiler = set(), printing._compiler

    def noted(template, data):
        used.add(Path(f"{template}").with_suffix(".typ").name)
        return compiler(template, data)

    monkeypatch.setattr(printing, "_compiler", noted)
    client = Client()
    client.force_login(people["adm"])
    found = list(papers_of(client, arguments))
    for address, pdf in found:
        root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
        assert OF_STANDARD in root["/Metadata"].get_object().get_data(), address
        assert root["/MarkInfo"]["/Marked"], address
        assert re.fullmatch(r"[a-z]{2}(-[A-Za-z]+)?", root["/Lang"]), address
        assert pypdf.PdfReader(io.BytesIO(pdf)).metadata.title, address
    assert len(found) > 30
    templates = {path.name for app in APPS for path in (ROOT / app).rglob("[!_]*.typ")}
    assert used == templates - NO_PDF


def publish_figures(people) -> None:  # noqa: F811
    office = people["dep"].memberships.get().organisation
    for stand in made_up.stands(6, datetime.date(2026, 1, 31)):
        rows = {Split.ORGANISATION: {str(office.pk): (office.title, 40)}}
        made_up.publish("applications", stand, rows)


def test_nothing_else_makes_a_pdf():
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    makers = {
        path.name
        for path in modules
        if re.search(r"^import typst|^from typst", path.read_text(), re.MULTILINE)
    }
    assert makers == {"printing.py"}


def test_what_breaks_the_standard_is_refused(tmp_path, settings):
    """Otherwise the other test could not fail."""
    settings.BASE_DIR = tmp_path
    template = tmp_path / "paper.typ"
    template.write_text('#set document(title: "x")\n= x\n#image("a.svg")')
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    with pytest.raises(printing.typst.TypstError):
        printing.render(template)
