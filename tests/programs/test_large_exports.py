"""Exports that go out as they are read, and large ones that a worker makes."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.admin import long_lists
from programs.exchange import admin, background, sheets, writers
from programs.exchange.sheets import Counted, TooManyRowsError
from programs.models import ExportFile, ExportPart, Membership
from tests import factories
from tests.clients import client_of
from tests.volunteers.applications.test_races import at_once
from volunteers import chores
from volunteers.lists.resources import ApplicationResource
from volunteers.models import ExportRecord, SecurityEvent

APPLICATIONS = "volunteers_application"


@pytest.fixture
def own():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(own):
    return factories.make_member(own).user


@pytest.fixture
def few(settings):
    """Three rows are many."""
    settings.EXPORT_AT_ONCE_ROWS = 2


def ask(client, model=APPLICATIONS, key="csv", **filters):
    url = reverse(f"admin:{model}_export", query=filters)
    return client.post(url, {"format": key, "purpose": "Rundmail"})


def applications(organisation, count=3):
    return [factories.make_application(organisation, f"Person {n}") for n in range(count)]


def ordered(user, **filters):
    """The file that ``user`` has ordered, not made yet."""
    response = ask(client_of(user), **filters)
    assert response.status_code == 302, response.status_code
    file = ExportFile.objects.get(by=user, status="waiting")
    assert response.headers["Location"] == reverse("admin:export_file", args=[file.pk])
    return file


def made(user, **filters):
    file = ordered(user, **filters)
    background.make(file.pk, attempt=0)
    file.refresh_from_db()
    return file


def page_of(client, file):
    response = client.get(reverse("admin:export_file", args=[file.pk]))
    return response, re.sub(r"\s+", " ", response.content.decode())


def fetched(client, file):
    return client.get(reverse("admin:export_content", args=[file.pk]))


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'make_export'")
        return [json.loads(args) for (args,) in cursor.fetchall()]


# --- As they are read -------------------------------------------------------------------------


def test_headings_go_out_before_the_first_row_is_read():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [f"Zeile {number}"]

    pieces = writers.csv_chunks(rows())
    assert next(pieces) == "\ufeffZeile 0\r\n".encode()
    assert read == [0]
    assert b"".join(pieces) == b"Zeile 1\r\nZeile 2\r\n"


def test_pieces_of_a_long_list_are_of_bounded_size():
    rows = (["x" * 1000] for _number in range(1000))
    counted = Counted(rows)
    sizes = [len(piece) for piece in writers.csv_chunks(counted)]
    assert len(sizes) > 10
    assert max(sizes) < writers.SENT_BYTES + 2000
    assert counted.count == 999


@pytest.mark.slow
@pytest.mark.django_db
def test_csv_begins_at_once_and_its_log_has_the_rows_that_were_sent(own, katrin):
    applications(own, 2)
    response = ask(client_of(katrin))
    record = ExportRecord.objects.get()
    assert (response.streaming, record.rows) == (True, 2)
    assert "Content-Length" not in response.headers
    pieces = iter(response.streaming_content)
    assert next(pieces).startswith("\ufeffName;".encode())
    factories.make_application(own, "Kommt dazu")
    assert b"".join(pieces).count(b"\r\n") == 3
    record.refresh_from_db()
    assert record.rows == 3
    assert SecurityEvent.objects.filter(kind="export").count() == 1


# --- Large ones -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_as_many_rows_as_go_at_once_go_at_once(own, katrin, few):
    applications(own, 2)
    assert ask(client_of(katrin)).status_code == 200
    assert not ExportFile.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", writers.EXPORT_FORMATS)
def test_worker_makes_what_the_person_would_have_got(own, katrin, few, settings, key):
    applications(own)
    applications(factories.make_circle("Freundeskreis Süd"))
    factories.make_application(own, "Fertig", status="ready")
    client = client_of(katrin)
    file = ordered(katrin, key=key, status__exact="new")
    assert jobs() == [{"file_id": file.pk}]
    assert not ExportRecord.objects.exists()
    background.make(file.pk, attempt=0)
    file.refresh_from_db()
    assert (file.status, file.rows, file.total) == ("done", 3, 3)
    response = fetched(client, file)
    content = b"".join(response.streaming_content)
    assert len(content) == file.size == int(response.headers["Content-Length"])
    assert response.headers["Content-Disposition"].endswith(f'.{key}"')
    settings.EXPORT_AT_ONCE_ROWS = 9
    direct = b"".join(ask(client, key=key, status__exact="new").streaming_content)
    assert content == direct if key == "csv" else abs(len(content) - len(direct)) < 20


@pytest.mark.django_db
def test_export_is_logged_once_however_often_it_is_fetched(own, katrin, few):
    applications(own)
    file = made(katrin, q="Person")
    for _time in range(2):
        assert fetched(client_of(katrin), file).status_code == 200
    record = ExportRecord.objects.get()
    assert (record.by, record.rows, record.format) == (katrin, 3, "csv")
    assert (record.filter, record.purpose) == ("Suche: Person", "Rundmail")
    assert SecurityEvent.objects.filter(kind="export").count() == 1


@pytest.mark.django_db
def test_page_says_how_far_it_is_and_reloads_itself_until_the_file_is_there(own, katrin, few):
    applications(own)
    client, file = client_of(katrin), ordered(katrin)
    response, page = page_of(client, file)
    assert response.headers["Refresh"] == "3"
    assert "Der Export beginnt gleich." in page
    ExportFile.objects.update(status="running", rows=1000, total=302000)
    response, page = page_of(client, file)
    assert "1.000 von 302.000 Zeilen" in page
    assert '<progress id="progress" max="302000" value="1000">' in page
    stopped = client.get(reverse("admin:export_file", args=[file.pk]), {"anhalten": ""})
    assert "Refresh" not in stopped.headers
    assert fetched(client, file).status_code == 302
    ExportFile.objects.update(status="waiting")
    background.make(file.pk, attempt=1)
    response, page = page_of(client, file)
    assert "Refresh" not in response.headers
    assert reverse("admin:export_content", args=[file.pk]) in page


@pytest.mark.django_db
def test_file_in_several_parts_comes_whole(own, katrin, few, monkeypatch):
    monkeypatch.setattr(background, "PART_BYTES", 100)
    applications(own)
    file = made(katrin)
    assert file.parts.count() > 3
    content = b"".join(fetched(client_of(katrin), file).streaming_content)
    assert content.count(b"\r\n") == 4
    assert len(content) == file.size


@pytest.mark.django_db
def test_export_page_names_large_lists_and_the_files_that_wait(own, katrin, few):
    applications(own)
    file = made(katrin)
    page = client_of(katrin).get(reverse(f"admin:{APPLICATIONS}_export")).content.decode()
    assert "Das ist eine große Liste" in page
    assert reverse("admin:export_file", args=[file.pk]) in page


# --- One at a time ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_second_click_shows_the_running_export(own, katrin, few):
    applications(own)
    for number in range(3):
        factories.make_event(f"Termin {number}", organisation=own)
    file = ordered(katrin)
    address = reverse("admin:export_file", args=[file.pk])
    again = [ask(client_of(katrin)) for _time in range(9)]
    again.append(ask(client_of(katrin), model="programs_event"))
    assert {response.headers["Location"] for response in again} == {address}
    assert ExportFile.objects.count() == len(jobs()) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_order_one_file(few):
    circle = factories.make_circle()
    katrin = factories.make_member(circle).user
    applications(circle)
    clients = [client_of(katrin) for _click in range(4)]
    answers = at_once(
        *(lambda client=client: ask(client).headers["Location"] for client in clients)
    )
    assert len(set(answers)) == 1
    assert ExportFile.objects.count() == len(jobs()) == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_only_the_newest_files_of_a_person_are_kept(own, katrin, few):
    applications(own)
    files = [made(katrin).pk for _time in range(background.KEPT_FILES + 2)]
    kept = ExportFile.objects.order_by("pk").values_list("pk", flat=True)
    assert list(kept) == files[2:]
    assert ExportPart.objects.count() == background.KEPT_FILES


# --- Whose it is ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_file_of_somebody_else_is_not_there_even_for_the_portalverwaltung(own, katrin, few):
    applications(own)
    file = made(katrin)
    colleague = factories.make_member(own).user
    admin = factories.make_user("adm@example.org", is_superuser=True)
    for user in (colleague, admin):
        client = client_of(user)
        for address in ("export_file", "export_content"):
            url = reverse(f"admin:{address}", args=[file.pk])
            missing = client.get(reverse(f"admin:{address}", args=[file.pk + 99]))
            foreign = client.get(url)
            assert (foreign.status_code, missing.status_code) == (404, 404)
            assert "Anmeldungen exportieren" not in foreign.content.decode()
        assert client.post(reverse("admin:export_file", args=[file.pk])).status_code == 404
    assert ExportFile.objects.filter(pk=file.pk).exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_file_is_closed_with_one_of_the_roles_it_comes_from(own, katrin, few):
    """Also while another role may still export this list: the file holds rows of both."""
    south = factories.make_circle("Freundeskreis Süd")
    ended = factories.make_member(south, katrin)
    applications(own), applications(south)
    file = made(katrin)
    assert file.rows == 6
    assert fetched(client_of(katrin), file).status_code == 200
    ended.until = timezone.localdate() - datetime.timedelta(days=1)
    ended.save()
    assert fetched(client_of(katrin), file).status_code == 403
    assert page_of(client_of(katrin), file)[0].status_code == 403


@pytest.mark.django_db
def test_role_that_no_longer_exports_closes_the_file_and_stops_the_job(own, katrin, few):
    applications(own)
    file, waiting = made(katrin), ordered(katrin)
    Membership.objects.filter(user=katrin).update(role=Membership.Role.REPORTING)
    assert fetched(client_of(katrin), file).status_code == 403
    background.make(waiting.pk, attempt=0)
    waiting.refresh_from_db()
    assert waiting.status == "failed"
    assert ExportRecord.objects.count() == 1


@pytest.mark.django_db
def test_file_of_the_portalverwaltung_is_closed_when_that_ends(own, few):
    admin = factories.make_user("adm@example.org", is_superuser=True)
    factories.make_member(own, admin)
    applications(own)
    file = made(admin)
    assert fetched(client_of(admin), file).status_code == 200
    admin.is_superuser = False
    admin.save()
    assert fetched(client_of(admin), file).status_code == 403


# --- Until when -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_link_expires_and_the_chores_delete_the_file(own, katrin, few, settings):
    applications(own)
    file = made(katrin)
    hours = datetime.timedelta(hours=settings.EXPORT_FILE_HOURS)
    ExportFile.objects.update(created_at=timezone.now() - hours + datetime.timedelta(minutes=1))
    assert fetched(client_of(katrin), file).status_code == 200
    chores.run_all()
    assert ExportPart.objects.exists()
    ExportFile.objects.update(created_at=timezone.now() - hours)
    gone = fetched(client_of(katrin), file)
    assert gone.status_code == 404
    assert "noch einmal" in gone.content.decode()
    chores.run_all()
    assert not ExportFile.objects.exists()
    assert not ExportPart.objects.exists()


@pytest.mark.django_db
def test_person_deletes_the_file_or_stops_the_export(own, katrin, few):
    applications(own)
    for file in (made(katrin), ordered(katrin)):
        response = client_of(katrin).post(reverse("admin:export_file", args=[file.pk]))
        assert response.status_code == 302
        assert not ExportFile.objects.filter(pk=file.pk).exists()
    background.make(file.pk, attempt=0)
    assert not ExportPart.objects.exists()


# --- When something goes wrong ----------------------------------------------------------------


@pytest.mark.django_db
def test_export_that_is_deleted_while_it_runs_leaves_nothing(own, katrin, few, monkeypatch):
    applications(own)
    file = ordered(katrin)
    read = ApplicationResource.lines

    def deleted_meanwhile(self, queryset):
        ExportFile.objects.all().withdraw()
        yield from read(self, queryset)

    monkeypatch.setattr(ApplicationResource, "lines", deleted_meanwhile)
    background.make(file.pk, attempt=0)
    assert not ExportFile.objects.exists()
    assert not ExportPart.objects.exists()
    assert not ExportRecord.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.logs_errors
def test_failure_is_said_and_the_next_export_may_begin(own, katrin, few, monkeypatch):
    applications(own)
    file = ordered(katrin)

    def broken(self, queryset):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(ApplicationResource, "lines", broken)
        background.make(file.pk, attempt=0)
    response, page = page_of(client_of(katrin), file)
    assert "ist nicht gelungen" in page
    assert "Refresh" not in response.headers
    assert made(katrin).status == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["xlsx", "ods"])
def test_more_rows_than_a_sheet_holds_are_refused_before_and_said_by_the_worker(
    own, katrin, few, monkeypatch, key
):
    """At once where their number is known; else by the worker, before it writes, or when more have come."""
    rows = applications(own, 4)
    client = client_of(katrin)
    file = ordered(katrin, key=key)
    for module in (sheets, admin):
        monkeypatch.setattr(module, "MOST_ROWS", 3)

    refused = ask(client, key=key)
    background.make(file.pk, attempt=0)
    file.refresh_from_db()

    assert refused.status_code == 200
    assert "Die Liste hat mehr als 3 Zeilen." in refused.text
    assert ExportFile.objects.count() == 1
    assert (file.status, file.rows, file.total) == ("failed", 0, 4)
    assert "So viele fasst keine Tabelle" in page_of(client, file)[1]
    assert made(katrin, key="csv").status == "done"
    with pytest.raises(TooManyRowsError):
        list(sheets.measured([["Name"], *([one.name] for one in rows)])[1])


@pytest.mark.django_db
def test_export_goes_on_after_a_killed_worker_but_not_for_ever(own, katrin, few):
    applications(own)
    file = ordered(katrin)
    ExportFile.objects.update(status="running", rows=2)
    file.parts.create(number=0, data=b"half")
    background.make(file.pk, attempt=1)
    file.refresh_from_db()
    assert file.status == "done"
    assert b"half" not in b"".join(fetched(client_of(katrin), file).streaming_content)
    again = ordered(katrin)
    background.make(again.pk, attempt=background.TRIES)
    again.refresh_from_db()
    assert again.status == "failed"


@pytest.mark.django_db(transaction=True)
def test_worker_takes_the_job(few, run_jobs):
    circle = factories.make_circle()
    katrin = factories.make_member(circle).user
    applications(circle)
    file = ordered(katrin)
    run_jobs()
    file.refresh_from_db()
    assert (file.status, file.rows) == ("done", 3)


@pytest.mark.django_db
@pytest.mark.slow
def test_form_of_a_list_that_is_not_counted_says_the_number_of_the_list(katrin, own, monkeypatch):
    """A long list is not counted for its form either; a worker makes the file."""
    applications(own, 4)
    monkeypatch.setattr(long_lists, "COUNTED", 1)
    client = client_of(katrin)
    url = reverse(f"admin:{APPLICATIONS}_export")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url).content.decode()
    assert re.search(r"<strong>etwa \d+ Zeilen", page)
    assert "im Hintergrund" in page
    assert "1.048.575 Zeilen" in page
    assert "Nicht dabei sind" not in page
    assert not [one for one in asked if "COUNT(" in one["sql"] and "LIMIT" not in one["sql"]]
    assert ask(client).status_code == 302
    assert ExportFile.objects.get().status == "waiting"
