"""Imports: a file works or its errors are explained, and nothing changes unless all rows are right."""

import datetime
import io
import re
import uuid
import zipfile

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import opendocument, table, text

from programs.exchange import uploads, widgets, working
from programs.exchange.cells import key
from programs.exchange.reading import bounds
from programs.exchange.reading.bounds import FileProblem
from programs.exchange.reading.files import read_table
from programs.models import Event, ListImport, Membership, Organisation
from tests import factories
from tests.clients import client_of
from tests.importing import (
    can_confirm,
    columns_page,
    confirm,
    page_text,
    preview_of,
    problems,
    send,
    stored_uploads,
    take_over,
    upload,
    work,
)
from volunteers.models import Application, StatusChange, Volunteer
from welcome_rooms.models import WelcomeRoom

Status = Application.Status


# --- Files ------------------------------------------------------------------------------------


def csv_file(*lines, encoding="utf-8", delimiter=";"):
    return "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)


def xlsx_file(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods_file(*lines):
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Tabelle1")
    for line in lines:
        row = table.TableRow()
        for value in line:
            cell = table.TableCell(valuetype="string")
            cell.addElement(text.P(text=value))
            row.addElement(cell)
        row.addElement(table.TableCell(numbercolumnsrepeated=1000))
        sheet.addElement(row)
    empty = table.TableRow(numberrowsrepeated=1048000)
    empty.addElement(table.TableCell(numbercolumnsrepeated=1024))
    sheet.addElement(empty)
    document.spreadsheet.addElement(sheet)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


LINES = (["Name", "E-Mail"], ["Jörg Groß", "joerg@example.org"])


UGLY = {
    "utf-8": lambda: csv_file(*LINES),
    "utf-8 with BOM": lambda: csv_file(*LINES, encoding="utf-8-sig"),
    "windows-1252": lambda: csv_file(*LINES, encoding="cp1252"),
    "utf-16": lambda: csv_file(*LINES, encoding="utf-16"),
    "comma": lambda: csv_file(*LINES, delimiter=","),
    "tab": lambda: csv_file(*LINES, delimiter="\t"),
    "hint of Excel": lambda: b"sep=,\r\n" + csv_file(*LINES, delimiter=","),
    "unix line ends": lambda: csv_file(*LINES).replace(b"\r\n", b"\n"),
    "empty rows at the end": lambda: csv_file(*LINES, ["", ""], ["", ""]),
    "empty rows on top": lambda: csv_file(["", ""], *LINES),
    "blanks": lambda: csv_file(
        ["\u00a0Name ", "E-Mail\u00a0"], ["  Jörg\u00a0Groß  ", " joerg@example.org "]
    ),
    "letters in two pieces": lambda: csv_file(LINES[0], ["Jo\u0308rg Groß", "joerg@example.org"]),
    "xlsx with empty rows": lambda: xlsx_file(*LINES, *[[None, ""]] * 50),
    "ods with a million empty rows": lambda: ods_file(*LINES),
}


@pytest.mark.parametrize("name", UGLY)
def test_ugly_files_read_the_same(name):
    rows = read_table(UGLY[name]()).rows
    assert [cells for _number, cells in rows] == [
        ["Name", "E-Mail"],
        ["Jörg Groß", "joerg@example.org"],
    ]


def test_rows_keep_the_numbers_of_the_spreadsheet():
    assert read_table(csv_file(["Name"], ["A"], [""], ["B"])).rows == [
        (1, ["Name"]),
        (2, ["A"]),
        (4, ["B"]),
    ]


def test_apostrophe_of_an_export_goes_and_others_stay():
    table = read_table(csv_file(["A", "B", "C"], ["'+49 711", "'=1+1", "'s Kätzle"]))
    assert table.rows[1] == (2, ["+49 711", "=1+1", "'s Kätzle"])


def packed(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


UNREADABLE = {
    "nothing": (lambda: b"", "leer"),
    "empty cells": (lambda: b"\r\n;;\r\n", "leer"),
    "pdf": (lambda: b"%PDF-1.7 ...", "keine Tabelle"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n", "keine Tabelle"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0", "keine Tabelle"),
    "binary": (lambda: bytes(range(256)), "keine Tabelle"),
    "calendar": (lambda: b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "keine Tabelle"),
    "address card": (lambda: b"BEGIN:VCARD\r\nFN:Eva\r\n", "keine Tabelle"),
    "json": (lambda: b'[{"Name": "Eva"}]', "keine Tabelle"),
    "json with line breaks": (lambda: b'[\n  {\n    "Name": "Eva"\n  }\n]', "keine Tabelle"),
    "xml": (lambda: b'<?xml version="1.0"?><a/>', "keine Tabelle"),
    "web page": (lambda: b"<!doctype html><TABLE></TABLE>", "keine Tabelle"),
    "xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "alte Excel-Format"),
    "cut off": (lambda: b"PK\x03\x04 kaputt", "unvollständig"),
    "word": (lambda: packed(**{"word/document.xml": "<x/>"}), "keine Tabelle"),
    "broken xlsx": (lambda: packed(**{"xl/workbook.xml": "<x"}), "beschädigt"),
    "broken ods": (lambda: packed(**{"content.xml": "<x"}), "beschädigt"),
    "bomb": (
        lambda: packed(**{"content.xml": b"0" * (bounds.MAX_UNPACKED + 1)}),
        "ausgepackt zu groß",
    ),
    "huge": (lambda: b"a" * (bounds.MAX_BYTES + 1), "größer als 5 MB"),
    "long": (lambda: csv_file(["Name"], *[["x"]] * 5000), "mehr als 2000 Zeilen"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_explained_in_a_sentence(name):
    make, sentence = UNREADABLE[name]
    with pytest.raises(FileProblem, match=sentence):
        read_table(make())


def test_entities_in_xml_are_not_unfolded():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        '<x xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><table:table-row>&b;</table:table-row></x>'
    )
    with pytest.raises(FileProblem, match="beschädigt"):
        read_table(packed(**{"content.xml": bomb}))


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_no_file_brings_the_reader_down(data):
    try:
        read_table(data)
    except FileProblem as problem:
        assert str(problem).endswith(".")  # noqa: PT017  other inputs may be read without one


@pytest.mark.parametrize(
    "written",
    [
        "01.03.2018", "1.3.18", "1.3.2018", "2018-03-01", " 01. 03. 2018 ", "2018-03-01 00:00:00",
        "2018-03-01T00:00:00", datetime.date(2018, 3, 1), datetime.datetime(2018, 3, 1),
    ],
)  # fmt: skip
def test_days_as_people_write_them(written):
    assert widgets.parse_day(written) == datetime.date(2018, 3, 1)


@pytest.mark.parametrize("written", ["31.02.2018", "gestern", "2018", "3/1/2018", "1.3.", "43160"])
def test_what_is_no_day_is_named(written):
    with pytest.raises(ValueError, match="ist kein Datum"):
        widgets.parse_day(written)


@pytest.mark.parametrize(
    "written", ["01.03.2027 18:00", "1.3.27, 18 Uhr", "2027-03-01T18:00:00", "01.03.2027 18.00 Uhr"]
)
def test_moments_are_on_stuttgarts_clocks(written):
    moment = widgets.MomentWidget().clean(written)
    assert moment == datetime.datetime(2027, 3, 1, 17, 0, tzinfo=datetime.UTC)


def test_headings_and_names_are_compared_without_case_and_spelling():
    assert key("E-Mail ") == key("email")
    assert key("Straße") == key("STRASSE")
    assert key("Süd") == key("Sued") == key("su\u0308d")


# --- Pages ------------------------------------------------------------------------------------


@pytest.fixture
def own():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def foreign():
    return factories.make_circle("Freundeskreis Süd")


@pytest.fixture
def katrin(own):
    return factories.make_member(own).user


@pytest.fixture
def sabine():
    """Staff of the Sozialamt."""
    office = factories.make_clearing_office()
    return factories.make_member(office, role=Membership.Role.STAFF).user


VOLUNTEERS = "volunteers_volunteer"


@pytest.mark.slow
@pytest.mark.django_db
def test_people_are_taken_in_for_the_own_organisation(own, katrin):
    district, field = factories.make_district(), factories.make_field("Sprache")
    data = csv_file(
        [
            "name",
            "E-MAIL",
            "Telefonnummer",
            "Sprachen",
            "Stadtbezirke",
            "Engagementfelder",
            "Organisation",
        ],
        [
            "Jörg Müller",
            "Joerg@Example.org",
            "+49 711 1",
            "deutsch, Arabisch",
            "FEUERBACH",
            "sprache",
            own.title,
        ],
        encoding="cp1252",
    )
    response = upload(katrin, VOLUNTEERS, data)
    assert "1 neu, 0 geändert, 0 unverändert." in page_text(response)
    assert not Volunteer.objects.exists()
    assert "Import fertig: 1 neu" in page_text(confirm(katrin, VOLUNTEERS, response))
    application = Application.objects.get()
    assert (application.status, application.organisation) == (Status.READY, own)
    assert application.confirmed_at is not None
    assert (application.name, application.phone) == ("Jörg Müller", "+49 711 1")
    assert application.languages == ["de", "ar"]
    assert list(application.districts.all()) == [district]
    assert list(application.fields.all()) == [field]
    change = StatusChange.objects.get()
    assert (change.status, change.by, change.note) == (Status.READY, katrin, "Import")
    volunteer = Volunteer.objects.get()
    assert (volunteer.email, volunteer.name) == ("joerg@example.org", "Jörg Müller")
    assert application.volunteer == volunteer
    assert list(volunteer.districts.all()) == [district]
    assert stored_uploads() == []
    assert LogEntry.objects.get().get_change_message() == "Import"


@pytest.mark.slow
@pytest.mark.django_db
def test_same_list_again_changes_nothing_and_a_changed_one_updates(own, katrin):
    lines = [["Name", "E-Mail", "Telefon"], ["Amira", "amira@example.org", "1"]]
    take_over(katrin, VOLUNTEERS, csv_file(*lines))
    assert "1 unverändert" in take_over(katrin, VOLUNTEERS, csv_file(*lines))
    lines[1][2] = "2"
    assert "1 geändert" in take_over(katrin, VOLUNTEERS, csv_file(*lines))
    assert (Application.objects.get().phone, Volunteer.objects.get().phone) == ("2", "2")
    assert StatusChange.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_preview_shows_what_changes_without_inline_styles(own, katrin):
    headings = ["Name", "E-Mail", "Telefon"]
    take_over(katrin, VOLUNTEERS, csv_file(headings, ["Amira", "a@example.org", "1"]))
    response = upload(
        katrin, VOLUNTEERS, csv_file(headings, ["Amira", "a@example.org", "<b>1</b>"])
    )
    text = response.content.decode()
    assert "<del>1</del> <ins>&lt;b&gt;1&lt;/b&gt;</ins>" in text
    assert "style=" not in text


@pytest.mark.django_db
def test_every_bad_row_is_named_and_nothing_is_taken_over(own, foreign, katrin):
    data = csv_file(
        ["Name", "E-Mail", "Sprachen", "Organisation"],
        ["Gut", "gut@example.org", "Deutsch", own.title],
        ["", "ohne-name@example.org", "", own.title],
        ["Kaputt", "keine Adresse", "Klingonisch", own.title],
        ["", "", "", ""],
        ["Fremd", "fremd@example.org", "", foreign.title],
        ["GUT", "gut@example.org", "", own.title],
        ["Lang" * 100, "lang@example.org", "", own.title],
    )
    response = upload(katrin, VOLUNTEERS, data)
    found = problems(response)
    assert [(row, column) for row, column, _reason in found] == [
        (3, "Name"),
        (4, "E-Mail"),
        (4, "Sprachen"),
        (6, "Organisation"),
        (7, "Name"),
        (8, "Name"),
    ]
    assert "keine E-Mail-Adresse" in found[1][2]
    assert "Möglich sind: Deutsch" in found[2][2]
    assert "gehört nicht zu Ihnen" in found[3][2]
    assert not can_confirm(response)
    assert "Es wurde nichts geändert" in page_text(response)
    assert not Application.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_organisation_has_to_be_named_by_who_works_for_several(own, foreign, katrin):
    lines = csv_file(["Name", "E-Mail"], ["Amira", "amira@example.org"])
    assert can_confirm(upload(katrin, VOLUNTEERS, lines))
    factories.make_member(foreign, user=katrin)
    assert problems(upload(katrin, VOLUNTEERS, lines)) == [
        (2, "Organisation", "Bitte nennen Sie die Organisation.")
    ]
    both = csv_file(
        ["Name", "E-Mail", "Organisation"],
        ["Amira", "amira@example.org", f"{own.title}, {foreign.title}"],
    )
    take_over(katrin, VOLUNTEERS, both)
    assert {a.organisation for a in Application.objects.all()} == {own, foreign}


@pytest.mark.slow
@pytest.mark.django_db
def test_departments_take_in_for_themselves_only(own, sabine):
    own.department = Organisation.objects.get(is_clearing_office=True)
    own.save()
    data = csv_file(["Name", "E-Mail", "Organisation"], ["A", "a@example.org", own.title])
    assert [column for _row, column, _reason in problems(upload(sabine, VOLUNTEERS, data))] == [
        "Organisation"
    ]


# --- Nobody learns who is known ---------------------------------------------------------------


def seen_by(user, email):
    """Everything that the user's organisation can see, without what differs by time."""
    client = client_of(user)
    text = page_text(client.get(reverse("admin:volunteers_volunteer_changelist"), {"q": email}))
    people = client.get(reverse("admin:volunteers_volunteer_changelist"), {"q": email})
    export = client.post(
        reverse("admin:volunteers_volunteer_export", query={"q": email}),
        {"format": "csv", "purpose": "Rundmail"},
    )
    return (
        re.sub(r"/application/\d+/|csrfmiddlewaretoken\" value=\"\w+|known|fresh", "", text),
        people.context["cl"].result_count,
        re.sub("known|fresh", "", b"".join(export.streaming_content).decode()),
    )


def decided_as_new(user, response):
    """The preview after „neu“ for every row that looks like somebody whom the organisation knows itself."""
    if not (rows := preview_of(response)["undecided"]):
        return response
    url = response.context["upload"].get_absolute_url()
    client_of(user).post(url, {"step": "decide", **{f"row_{row['number']}": "new" for row in rows}})
    work()
    return client_of(user).get(url)


@pytest.mark.slow
@pytest.mark.django_db
def test_known_and_unknown_addresses_look_the_same_in_every_way(own, foreign, katrin):
    """Preview, result, list, search and export; the known person's record stays as it was."""
    person = factories.make_volunteer("Geheimer Name", email="known@example.org", phone="0711 999")
    factories.make_application(foreign, "Geheimer Name", volunteer=person, phone="0711 999")
    pages = {}
    for word in ("known", "fresh"):
        data = csv_file(["Name", "E-Mail", "Telefon"], ["Vermutung", f"{word}@example.org", "1"])
        preview = decided_as_new(katrin, upload(katrin, VOLUNTEERS, data))
        result = confirm(katrin, VOLUNTEERS, preview)
        again = upload(katrin, VOLUNTEERS, data.replace(b";1", b";2"))
        confirm(katrin, VOLUNTEERS, again)
        pages[word] = (
            problems(preview),
            preview_of(preview)["totals"],
            "1 neu" in page_text(result),
            preview_of(again)["totals"],
        )
    for word in pages:
        pages[word] += seen_by(katrin, f"{word}@example.org")
    for known, fresh in zip(pages["known"], pages["fresh"], strict=True):
        assert known == fresh
    assert "Geheim" not in str(pages)
    assert "Vermutung" in str(pages)
    person.refresh_from_db()
    assert (person.name, person.phone) == ("Geheimer Name", "0711 999")


@pytest.mark.django_db
def test_open_wish_at_the_clearing_office_does_not_give_a_person_away(own, katrin, sabine):
    """„Ich weiß noch nicht“ has no entry; its constraint must not reveal another organisation's application."""
    office = Organisation.objects.get(is_clearing_office=True)
    factories.make_application(office, email="known@example.org", entry=None)
    take_over(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["A", "known@example.org"]))
    assert Application.objects.filter(email="known@example.org", organisation=own).exists()


@pytest.mark.django_db
def test_sign_up_for_the_own_organisation_that_the_department_answers_is_not_taken_over(
    own, katrin, sabine
):
    office = Organisation.objects.get(is_clearing_office=True)
    application = factories.make_application(office, "Amira", email="a@example.org", entry=own)
    response = upload(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["AMIRA", "a@example.org"]))
    assert "zuständige Stelle" in problems(response)[0][2]
    application.refresh_from_db()
    assert application.name == "Amira"


@pytest.mark.slow
@pytest.mark.django_db
def test_two_people_with_one_address_are_both_taken_in_and_found_again(own, katrin):
    headings = ["Name", "E-Mail", "Telefon"]
    pair = [
        ["Anna Import", "paar@example.org", "0711 1"],
        ["Bernd Import", "Paar@Example.org", "0711 2"],
    ]
    assert "Import fertig: 2 neu" in take_over(katrin, VOLUNTEERS, csv_file(headings, *pair))
    people = {one.name: (one.email, one.phone) for one in Volunteer.objects.all()}
    assert people == {
        "Anna Import": ("paar@example.org", "0711 1"),
        "Bernd Import": ("paar@example.org", "0711 2"),
    }
    for application in Application.objects.select_related("volunteer"):
        assert application.name == application.volunteer.name
    again = [["ANNA  IMPORT", "paar@example.org", "0711 3"], pair[1]]
    text = page_text(upload(katrin, VOLUNTEERS, csv_file(headings, *again)))
    assert "0 neu, 1 geändert, 1 unverändert." in text
    twice = upload(katrin, VOLUNTEERS, csv_file(headings, *pair, again[0]))
    assert "steht schon weiter oben" in problems(twice)[0][2]


@pytest.mark.slow
@pytest.mark.django_db
def test_people_without_an_address_are_taken_in_by_name_and_number(own, katrin):
    headings = ["Name", "E-Mail", "Telefon"]
    rows = [["Alte Dame", "", "0711 3"], ["Alte Dame", "", "0711 4"], ["Herr Post", "", "0711 4"]]
    assert "Import fertig: 3 neu" in take_over(katrin, VOLUNTEERS, csv_file(headings, *rows))
    assert Volunteer.objects.filter(email="").count() == Application.objects.count() == 3
    same = [["alte dame", "", "0711/3"], *rows[1:]]
    text = page_text(upload(katrin, VOLUNTEERS, csv_file(headings, *same)))
    assert "0 neu, 1 geändert, 2 unverändert." in text
    take_over(katrin, VOLUNTEERS, csv_file(headings, *same))
    assert Volunteer.objects.count() == 3
    unreachable = upload(katrin, VOLUNTEERS, csv_file(headings, ["Niemand", "", ""]))
    assert "eine E-Mail-Adresse oder eine Telefonnummer" in problems(unreachable)[0][2]


@pytest.mark.slow
@pytest.mark.django_db
def test_person_without_an_address_is_nobody_that_another_organisation_knows(own, foreign, katrin):
    other = factories.make_volunteer("Alte Dame", email="", phone="0711 3")
    factories.make_application(foreign, "Alte Dame", volunteer=other, phone="0711 3")
    rows = (["Name", "E-Mail", "Telefon"], ["Alte Dame", "", "0711 3"])
    assert "1 neu" in page_text(upload(katrin, VOLUNTEERS, csv_file(*rows)))
    take_over(katrin, VOLUNTEERS, csv_file(*rows))
    assert Volunteer.objects.count() == 2
    other.refresh_from_db()
    assert other.applications.count() == 1


@pytest.mark.django_db
def test_record_of_a_person_with_an_account_is_the_persons(own, katrin):
    user = factories.make_user("amira@example.org")
    person = factories.make_volunteer("Amira", email="amira@example.org", user=user)
    factories.make_application(own, "Amira", volunteer=person)
    take_over(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["AMIRA", "amira@example.org"]))
    person.refresh_from_db()
    assert person.name == "Amira"
    assert Application.objects.get().name == "AMIRA"


# --- Headings ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (["Name", "Telefon"], "fehlt noch die Spalte „E-Mail“"),
        (["Amira", "amira@example.org"], "fehlt noch die Spalte „Name“, „E-Mail“"),
    ],
)
def test_headings_are_explained_in_one_sentence(own, katrin, headings, sentence):
    row = ["Amira", "amira@example.org", "42"][: len(headings)]
    response = upload(katrin, VOLUNTEERS, csv_file(headings, row))
    assert sentence in page_text(response)
    assert not can_confirm(response)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "huge"])
def test_wrong_sizes_get_a_sentence_beside_the_field(own, katrin, name):
    response = send(katrin, VOLUNTEERS, UNREADABLE[name][0]())
    assert response.status_code == 422
    assert len(response.context["form"].errors["import_file"]) == 1
    assert stored_uploads() == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["pdf", "xls", "broken xlsx", "bomb"])
def test_unreadable_files_get_a_sentence_and_are_not_kept(own, katrin, name):
    make, sentence = UNREADABLE[name]
    assert sentence in page_text(columns_page(katrin, VOLUNTEERS, make()))
    (refused,) = stored_uploads()
    assert (refused.state, bytes(refused.data)) == ("refused", b"")


@pytest.mark.django_db
def test_headings_without_a_row_are_refused(own, katrin):
    response = upload(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"]))
    assert "Unter den Überschriften steht keine Zeile" in page_text(response)


# --- Between preview and confirmation ---------------------------------------------------------


@pytest.fixture
def preview(own, katrin):
    return upload(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["Amira", "amira@example.org"]))


@pytest.mark.django_db
def test_second_click_on_confirm_shows_that_it_is_done(katrin, preview):
    confirm(katrin, VOLUNTEERS, preview)
    assert "Import fertig: 1 neu" in page_text(confirm(katrin, VOLUNTEERS, preview))
    assert Application.objects.count() == 1


@pytest.mark.django_db
def test_two_workers_take_a_list_in_once(katrin, preview):
    found = preview.context["upload"]
    ListImport.objects.update(state=ListImport.State.TAKING)
    slow = ListImport.objects.select_related("owner").get()
    working.work_on(str(found.pk))
    with pytest.raises(working.OvertakenError):
        working.take(slow)
    assert Application.objects.count() == 1


@pytest.mark.django_db
def test_nobody_sees_or_confirms_the_list_of_others(preview, foreign):
    found = preview.context["upload"]
    other = client_of(factories.make_member(foreign).user)
    for answer in (
        other.get(found.get_absolute_url()),
        other.post(found.get_absolute_url(), {"step": "confirm", "digest": found.digest}),
        other.post(found.get_absolute_url(), {"step": "discard"}),
    ):
        assert answer.status_code == 404
    assert not Application.objects.exists()
    assert stored_uploads() == [found]


@pytest.mark.django_db
def test_list_is_not_reached_through_another_list(katrin, preview):
    found = preview.context["upload"]
    url = reverse("admin:programs_event_import_list", args=[found.pk])
    assert client_of(katrin).get(url).status_code == 404


@pytest.mark.django_db
def test_only_the_preview_that_was_seen_is_confirmed(katrin, preview):
    """Two windows: in one the columns were changed meanwhile, so the other shows an old preview."""
    found = preview.context["upload"]
    for digest in ("", "0" * 64):
        client_of(katrin).post(found.get_absolute_url(), {"step": "confirm", "digest": digest})
        assert ListImport.objects.get().state == "preview"


@pytest.mark.django_db
def test_nothing_is_taken_over_when_the_ground_has_moved(katrin, own, preview):
    """Between preview and confirmation a row became invalid: there is a new preview, which says so."""
    office = factories.make_clearing_office()
    factories.make_application(office, "Amira", email="amira@example.org", entry=own)
    response = confirm(katrin, VOLUNTEERS, preview)
    assert "Seit der Vorschau hat sich etwas geändert" in page_text(response)
    assert "zuständige Stelle" in problems(response)[0][2]
    assert Application.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_record_changed_since_the_preview_is_shown_again_before_it_is_overwritten(own, katrin):
    lines = [["Name", "E-Mail", "Telefon"], ["Amira", "amira@example.org", "0711 1"]]
    take_over(katrin, VOLUNTEERS, csv_file(*lines))
    lines[1][2] = "0711 2"
    preview = upload(katrin, VOLUNTEERS, csv_file(*lines))
    Application.objects.update(phone="0711 3")
    again = confirm(katrin, VOLUNTEERS, preview)
    assert "Seit der Vorschau hat sich etwas geändert" in page_text(again)
    assert ["0711 3", "0711 2"] in preview_of(again)["rows"][0]["cells"]
    assert Application.objects.get().phone == "0711 3"
    assert "1 geändert" in page_text(confirm(katrin, VOLUNTEERS, again))
    assert Application.objects.get().phone == "0711 2"


@pytest.mark.slow
@pytest.mark.django_db
def test_change_in_a_column_that_the_list_does_not_have_does_not_matter(own, katrin):
    take_over(katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["Amira", "amira@example.org"]))
    preview = upload(
        katrin, VOLUNTEERS, csv_file(["Name", "E-Mail"], ["AMIRA", "amira@example.org"])
    )
    Application.objects.update(phone="0711 3")
    assert "1 geändert" in page_text(confirm(katrin, VOLUNTEERS, preview))
    assert (Application.objects.get().name, Application.objects.get().phone) == (
        "AMIRA",
        "0711 3",
    )


@pytest.mark.django_db
def test_who_may_no_longer_import_takes_nothing_in(katrin, preview):
    found = preview.context["upload"]
    client_of(katrin).post(found.get_absolute_url(), {"step": "confirm", "digest": found.digest})
    Membership.objects.all().delete()
    working.work_on(str(found.pk))
    found.refresh_from_db()
    assert (found.state, found.reason) == (
        "refused",
        "Sie dürfen diese Liste nicht mehr importieren.",
    )
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_lists_nobody_confirms_are_swept_away(katrin, preview, settings):
    uploads.sweep()
    assert len(stored_uploads()) == 1
    settings.IMPORT_KEPT_HOURS = 0
    url = preview.context["upload"].get_absolute_url()
    assert client_of(katrin).get(url).status_code == 404
    uploads.sweep()
    assert stored_uploads() == []


# --- Organisations, rooms, events -------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_organisations_come_in_with_dates_as_text(sabine):
    factories.make_district("feuerbach")
    data = csv_file(
        ["Name", "Art der Organisation", "Bezirke", "Stand", "veröffentlicht", "Gründungsjahr"],
        ["Freundeskreis Süd", "freundeskreis ", "Feuerbach", "1.3.18", "ja", "2015"],
    )
    assert "1 neu" in take_over(sabine, "programs_organisation", data)
    made = Organisation.objects.get(slug="freundeskreis-sued")
    assert (made.type, made.founded, made.as_of) == ("circle", 2015, datetime.date(2018, 3, 1))
    assert made.is_published
    assert made.department.is_clearing_office
    changed = csv_file(
        ["Name", "Art der Organisation", "Stand"], ["freundeskreis süd", "Initiative", "2019-01-01"]
    )
    assert "1 geändert" in take_over(sabine, "programs_organisation", changed)
    made.refresh_from_db()
    assert (made.title, made.type, made.founded) == ("freundeskreis süd", "initiative", 2015)


@pytest.mark.slow
@pytest.mark.django_db
def test_foreign_organisation_is_not_touched(sabine, foreign):
    data = csv_file(
        ["Name", "Adresse", "Art der Organisation"], ["Übernommen", foreign.slug, "Freundeskreis"]
    )
    assert [p[1] for p in problems(upload(sabine, "programs_organisation", data))] == ["Adresse"]
    foreign.refresh_from_db()
    assert foreign.title == "Freundeskreis Süd"


@pytest.mark.django_db
def test_coordinators_do_not_import_organisations_or_rooms(katrin):
    for model in ("programs_organisation", "welcome_rooms_welcomeroom"):
        assert client_of(katrin).get(reverse(f"admin:{model}_import")).status_code == 403
        url = reverse(f"admin:{model}_import_list", args=[uuid.uuid4()])
        assert client_of(katrin).post(url, {"step": "confirm"}).status_code == 403


@pytest.mark.slow
@pytest.mark.django_db
def test_events_come_in_for_own_organisations_only(own, foreign, katrin):
    headings = ["Titel", "Art", "Organisation", "Beginn", "Ende", "Plätze"]
    good = ["Schulung", "Schulung", own.title, "01.03.2027 18:00", "01.03.2027 20:00", "12"]
    bad = ["Fremd", "Schulung", foreign.title, "01.03.2027 18:00", "01.03.2027 20:00", ""]
    late = [
        "Ende vor Beginn",
        "Schulung",
        own.title,
        "01.03.2027 18:00",
        "01.03.2027 17:00",
        "viele",
    ]
    response = upload(katrin, "programs_event", csv_file(headings, good, bad, late))
    assert {(row, column) for row, column, _reason in problems(response)} >= {
        (3, "Organisation"),
        (4, "Plätze"),
    }
    assert not Event.objects.exists()
    take_over(katrin, "programs_event", csv_file(headings, good))
    event = Event.objects.get()
    assert event.starts_at == datetime.datetime(2027, 3, 1, 17, 0, tzinfo=datetime.UTC)
    assert (event.capacity, event.organisation, event.sequence) == (12, own, 0)
    moved = [*good[:5], "20"]
    assert "1 geändert" in take_over(katrin, "programs_event", csv_file(headings, moved))
    event.refresh_from_db()
    assert (event.capacity, event.sequence) == (20, 0)


@pytest.mark.slow
@pytest.mark.django_db
def test_rooms_come_in(sabine):
    office = Organisation.objects.get(is_clearing_office=True)
    data = xlsx_file(
        ["Name", "Träger", "Straße und Hausnummer"],
        ["Willkommensraum Mitte", office.title, "Königstraße 1"],
    )
    assert "1 neu" in take_over(sabine, "welcome_rooms_welcomeroom", data)
    assert WelcomeRoom.objects.get().street == "Königstraße 1"


LISTS = [
    "volunteers_volunteer",
    "programs_organisation",
    "programs_event",
    "welcome_rooms_welcomeroom",
]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("fmt", ["csv", "xlsx", "ods"])
def test_exported_list_comes_back_unchanged(sabine, model, fmt):
    office = Organisation.objects.get(is_clearing_office=True)
    factories.make_application(
        office,
        "=Amira",
        phone="+49 711 1",
        languages=["de", "kmr"],
        weekdays=[0, 4],
        districts=[factories.make_district("mitte"), factories.make_district("feuerbach")],
        fields=[factories.make_field("Arbeit, Ausbildung"), factories.make_field("Sprache")],
    )
    room = factories.make_room(organisation=office, description="Absatz\n\nnoch einer")
    factories.make_opening_hours(room)
    factories.make_event(organisation=office, description="-5 Grad\n\n+ Tee", capacity=3)
    office.founded = 1950
    office.save()
    url = reverse(f"admin:{model}_export")
    file = b"".join(
        client_of(sabine).post(url, {"format": fmt, "purpose": "Rundmail"}).streaming_content
    )
    response = upload(sabine, model, file, f"liste.{fmt}")
    assert problems(response) == []
    totals = preview_of(response)["totals"]
    assert (totals["new"], totals["update"]) == (0, 0), [preview_of(response)["rows"]]
    assert totals["skip"] >= 1


@pytest.mark.django_db
def test_import_pages_are_closed_to_strangers(own):
    for client in (Client(), client_of(factories.make_user())):
        for model in LISTS:
            assert client.get(reverse(f"admin:{model}_import")).status_code == 302
