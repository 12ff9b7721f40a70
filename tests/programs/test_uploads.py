"""Lists to import, uploaded: checked for type and size, renamed, read, never served."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.test import Client
from django.urls import reverse

from programs.exchange.reading import bounds
from programs.exchange.reading.bounds import FileProblem
from programs.exchange.reading.files import read_table
from programs.models import ListImport
from tests import factories
from tests.addresses import patterns
from tests.importing import confirm, next_page, work
from volunteers.models import Application

pytestmark = pytest.mark.django_db

LIST = b"Name;E-Mail\r\nAmira;amira@example.org\r\n"
URL = "admin:volunteers_volunteer_import"


@pytest.fixture
def katrin():
    return factories.make_member(factories.make_circle()).user


@pytest.fixture
def coordinator(katrin):
    client = Client()
    client.force_login(katrin)
    return client


def upload(client, data: bytes, name: str = "liste.csv", content_type: str = "text/csv"):
    """The page after the worker has read the file."""
    file = SimpleUploadedFile(name, data, content_type=content_type)
    # The test client sends the name unchanged, as attackers may do.
    file._name = name
    answer = client.post(reverse(URL), {"import_file": file})
    work()
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def xlsx(**parts: str) -> bytes:
    """A workbook with one row below its headings; ``parts`` replace its files of the same name."""
    book = openpyxl.Workbook()
    book.active.append(["Name", "E-Mail"])
    book.active.append(["Amira", "amira@example.org"])
    plain = io.BytesIO()
    book.save(plain)
    changed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return changed.getvalue()


def test_no_model_keeps_a_file_and_no_address_serves_one(settings):
    kept = [f for m in apps.get_models() for f in m._meta.get_fields() if isinstance(f, FileField)]
    assert kept == []
    routes = [str(pattern.pattern) for _name, pattern in patterns()]
    assert routes
    assert not any("media" in route for route in routes)
    assert settings.MEDIA_URL in {"", "/"}
    assert settings.MEDIA_ROOT == ""


def test_list_waits_in_the_database_where_every_node_sees_it(
    coordinator, katrin, tmp_path, settings
):
    settings.DATA_DIR = tmp_path
    assert upload(coordinator, LIST).status_code == 200
    kept = ListImport.objects.get()
    assert (bytes(kept.data), kept.owner, kept.state) == (LIST, katrin, "columns")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name",
    ["../../../tmp/evil.csv", "..\\..\\evil.csv", "/etc/cron.d/evil", "a\x00b.csv", "x" * 250],
)
def test_path_in_the_name_leads_nowhere(coordinator, name, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    assert upload(coordinator, LIST, name).context["upload"].state == "columns"
    assert not list(tmp_path.iterdir())
    assert not Path("/tmp/evil.csv").exists()  # noqa: S108


@pytest.mark.parametrize("name", ["liste.exe", "liste.html", "liste", "liste.svg", "liste.php.csv"])
def test_kind_is_told_by_the_content_not_by_the_name(coordinator, name):
    page = upload(coordinator, LIST, name, "application/x-msdownload")
    assert page.context["upload"].state == "columns"


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"%PDF-1.7",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a",
        b"\x1f\x8b\x08",
    ],
)
def test_other_kinds_are_refused_and_not_kept(coordinator, data):
    page = upload(coordinator, data, "liste.xlsx")
    assert page.context["upload"].reason.endswith(".")
    assert bytes(ListImport.objects.get(state="refused").data) == b""


def test_list_over_5_mb_gets_its_sentence(coordinator):
    page = upload(coordinator, b"a" * (bounds.MAX_BYTES + 1))
    assert "größer als 5 MB" in page.text
    assert not ListImport.objects.exists()


def test_hundred_megabytes_are_refused_before_they_are_read(coordinator):
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            Endless.taken += max(size, 0)
            return b"a" * max(size, 0)

    boundary = "XX"
    answer = coordinator.generic(
        "POST",
        reverse(URL),
        b"x",
        content_type=f"multipart/form-data; boundary={boundary}",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
        **{"wsgi.input": Endless()},
    )
    assert answer.status_code == 400
    assert Endless.taken < 1024 * 1024
    assert not ListImport.objects.exists()


@pytest.mark.slow
def test_bomb_is_not_unpacked():
    bomb = xlsx(**{"xl/sharedStrings.xml": "0" * (bounds.MAX_UNPACKED + 1)})
    assert len(bomb) < bounds.MAX_BYTES
    with pytest.raises(FileProblem, match="ausgepackt zu groß"):
        read_table(bomb)


def test_bomb_that_lies_about_its_size_is_not_unpacked():
    """The directory of the ZIP says ten bytes, but there are more; reading stops after ten."""
    long = SHEET.format("", "a" * 3_000_000)
    data = xlsx(**{"xl/worksheets/sheet1.xml": long})
    true_size = len(long).to_bytes(4, "little")
    assert data.count(true_size) == 2
    with pytest.raises(FileProblem):
        read_table(data.replace(true_size, (10).to_bytes(4, "little")))


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
SHEET = (
    '<?xml version="1.0"?>{}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>{}</t></is></c></row></sheetData></worksheet>'
)
ODS = (
    '<?xml version="1.0"?>{}<d xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><table:table>'
    "<table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell></table:table-row>"
    "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
    "</table:table></d>"
)


def ods(content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", content)
    return file.getvalue()


def test_sheets_of_these_tests_are_read_when_nothing_is_wrong():
    for data in (
        xlsx(**{"xl/worksheets/sheet1.xml": SHEET.format("", "Amira")}),
        ods(ODS.format("", "Amira")),
    ):
        assert read_table(data).rows[1:] == [(2, ["Amira"])]


@pytest.mark.parametrize(("doctype", "text"), [(ENTITY, "&e;"), (LAUGHS, "&c;")])
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_entities_are_neither_fetched_nor_unfolded(doctype, text, kind):
    if kind == "xlsx":
        data = xlsx(**{"xl/worksheets/sheet1.xml": SHEET.format(doctype, text)})
    else:
        data = ods(ODS.format(doctype, text))
    with pytest.raises(FileProblem, match="beschädigt"):
        read_table(data)


def test_macros_and_other_parts_are_left_alone():
    data = xlsx(**{"xl/vbaProject.bin": "Sub AutoOpen()", "../../evil.sh": "rm -rf /"})
    assert read_table(data).rows[1:] == [(2, ["Amira", "amira@example.org"])]


@pytest.mark.slow
def test_formula_is_text_and_stays_text(coordinator, katrin):
    """It is imported as a telephone number, and no export writes it as a formula."""
    formula = b'"=HYPERLINK(""http://evil.test"",""Amira"")"'
    data = b"Name;E-Mail;Telefon\r\nAmira;amira@example.org;" + formula + b"\r\n"
    confirm(katrin, URL, next_page(katrin, upload(coordinator, data)))
    assert Application.objects.get().phone.startswith("=HYPERLINK")
    for kind in ("xlsx", "csv"):
        answer = coordinator.post(
            reverse("admin:volunteers_application_export"),
            {"format": kind, "purpose": "Bericht oder Auswertung"},
        )
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if kind == "csv":
            assert b"HYPERLINK" in content
            assert b";=HYPERLINK" not in content
            assert b';"=HYPERLINK' not in content
            continue
        cells = [c for row in openpyxl.load_workbook(io.BytesIO(content)).active.rows for c in row]
        (cell,) = [c for c in cells if "HYPERLINK" in str(c.value)]
        assert cell.data_type == "s"


def test_html_in_a_list_is_shown_as_text(coordinator, katrin):
    columns = upload(coordinator, b"Name;E-Mail\r\n<script>alert(1)</script>;a@example.org\r\n")
    for page in (columns, next_page(katrin, columns)):
        assert "<script>alert(1)</script>" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
