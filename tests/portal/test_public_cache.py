"""A kept page is never stale: it is made once for each version of the content and each minute."""

import gzip
import re
import threading
from collections import defaultdict
from unittest import mock

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from portal import urls
from portal.public import public
from programs import versions
from programs.models import ContentChange, Entry, Event, Field
from tests import factories
from tests.portal.conftest import NOON
from tests.portal.test_public_pages import addresses, small_city
from volunteers.models import Application, User

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
ALIAS = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: (?!ON|WHERE|INNER|LEFT|ORDER|LIMIT|GROUP)(\w+))?')
COLUMN = re.compile(r'"?(\w+)"?\."(\w+)"')


def save_elsewhere(change):
    """Run ``change`` in another thread, so on another connection, and wait until it has committed."""

    def run():
        change()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def read_then_somebody_saves(request: HttpRequest) -> HttpResponse:
    """A slow page: the title changes while it is being made."""
    title = Entry.objects.get(slug="langsam").title
    if title == "Alt":
        save_elsewhere(lambda: Entry.objects.filter(slug="langsam").update(title="Neu"))
    return HttpResponse(title)


urlpatterns = [path("langsam/", public(read_then_somebody_saves)), *urls.urlpatterns]


@pytest.fixture
def entry(transactional_db):
    factories.make_clearing_office()
    return factories.make_entry(title="Sprachcafé Nord")


KEYS = {"id", "public_id"}
"""Columns that never change."""


def read_by_public_pages() -> dict[str, set[str]]:
    """Table → the columns that the public pages of one of everything read of it."""
    read: dict[str, set[str]] = defaultdict(set)
    client = Client()
    for address in [*addresses(), "/mitmachen/?q=garten&bezirk=feuerbach&umkreis=1"]:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        for query in queries.captured_queries:
            used = COLUMN.findall(query["sql"])
            for table, alias in ALIAS.findall(query["sql"]):
                # Subqueries may use one alias for several tables; a column counts for all that have it.
                read[table] |= {column for name, column in used if name in {table, alias}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns")
        columns = set(cursor.fetchall())
    return {
        table: {one for one in names if (table, one) in columns} for table, names in read.items()
    }


def watched() -> dict[str, set[str]]:
    """Table → columns whose changes are noted by its triggers; empty means all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, string_agg(encode(tgargs, 'escape'), '') FROM pg_trigger"
            " WHERE tgfoid = 'programs_note_change'::regproc AND tgenabled = 'O'"
            " AND tgtype & (1 + 2) = 1"  # each row, after …
            " GROUP BY tgrelid HAVING bit_or(tgtype) = 1 + 4 + 8 + 16"  # … INSERT, DELETE and UPDATE
        )
        return {table: set(filter(None, args.split("\\000"))) for table, args in cursor}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_table_that_a_public_page_reads_is_watched():
    small_city()
    factories.make_event(takes_registrations=True, capacity=5)
    read, seen = read_by_public_pages(), watched()
    assert len(read) >= 20
    assert read.keys() - seen.keys() == set()
    for table, columns in read.items():
        if seen[table]:
            assert columns - KEYS <= seen[table], table


@pytest.mark.slow
@pytest.mark.django_db
def test_nothing_is_watched_in_vain():
    small_city()
    factories.make_event(takes_registrations=True, capacity=5)
    assert watched().keys() - read_by_public_pages().keys() == set()


CHANGES = {
    "form": lambda entry: entry.save(),
    "bulk update": lambda entry: Entry.objects.update(title="Sprachcafé Süd"),
    "list of an entry": lambda entry: entry.fields.add(factories.make_field("Sprache")),
    "deleting": lambda entry: entry.delete(),
    "event": lambda entry: factories.make_event(),
    "word of a list": lambda entry: Field.objects.create(name="Kochen", slug="kochen"),
    "account": lambda entry: factories.make_user().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_and_version_are_one_transaction(entry, change):
    before = versions.current()
    entry.title = "Sprachcafé Süd"

    def do():
        with transaction.atomic():
            change(entry)
            assert versions.current() is None, "nothing is kept of what others do not see yet"
            save_elsewhere(lambda: during.append(versions.current()))

    during = []
    do()
    assert during == [before]
    assert versions.current() not in {before, None}


def test_what_is_undone_or_seen_by_nobody_changes_no_version(entry):
    user = factories.make_user()
    before = versions.current()
    with transaction.atomic():
        Entry.objects.update(title="Anders")
        transaction.set_rollback(True)
    User.objects.filter(pk=user.pk).update(last_login=NOON, name="Anders")
    Entry.objects.filter(title="Gibt es nicht").update(title="Anders")
    Entry.objects.filter(pk=entry.pk).update(title=entry.title)
    assert versions.current() == before


MAKE = {
    "application": factories.make_application,
    "registration": lambda owner: factories.make_registration(factories.make_event()),
    "date": lambda owner: factories.make_date(),
}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_what_nobody_has_confirmed_is_on_no_page_and_changes_no_version(entry, make):
    def versions_after(*changes):
        for change in changes:
            change()
            yield versions.current()

    record = make(entry.organisation)
    fields = {
        field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields
    }
    rows = type(record).objects.filter(pk=record.pk)
    rows.delete()
    before = versions.current()
    unconfirmed = fields | {"status": "unconfirmed", "confirmed_at": None}
    seen = [
        before,
        *versions_after(
            lambda: rows.create(**unconfirmed),
            lambda: rows.update(link_sent_at=NOON),
            rows.delete,
            lambda: rows.create(**unconfirmed),
            lambda: rows.update(status=fields["status"], confirmed_at=NOON),
            rows.delete,
            lambda: rows.create(**fields),
        ),
    ]
    assert [seen.index(one) for one in seen] == [0, 0, 0, 0, 0, 5, 6, 7]


def test_savepoint_that_is_undone_takes_no_later_change_with_it(entry):
    before = versions.current()
    with transaction.atomic():
        with transaction.atomic():
            Entry.objects.update(title="Anders")
            transaction.set_rollback(True)
        Entry.objects.update(title="Wieder anders")
    assert versions.current() != before


def test_transactions_may_commit_in_another_order_than_they_began(entry):
    seen = {versions.current()}
    with transaction.atomic():
        Entry.objects.update(title="Zuerst begonnen")
        save_elsewhere(lambda: factories.make_field("Sprache"))
        save_elsewhere(lambda: seen.add(versions.current()))
    seen.add(versions.current())
    assert len(seen) == 3


@pytest.mark.slow
def test_table_stays_small_and_no_version_comes_twice(entry):
    seen = [versions.current()]
    for number in range(250):
        Entry.objects.update(title=f"Sprachcafé {number}")
        seen.append(versions.current())
    assert ContentChange.objects.count() <= 100
    assert len(seen) == len(set(seen)) == 251


def test_cleaning_up_waits_for_nobody(entry):
    """A transaction that is cleaning up and takes its time holds up no other one that does."""

    def change_often():
        for number in range(101):
            Entry.objects.update(title=f"Sprachcafé {number}")

    change_often()
    with transaction.atomic():
        assert ContentChange.objects.all().delete()[0] > 0
        save_elsewhere(change_often)
    assert Entry.objects.get(pk=entry.pk).title == "Sprachcafé 100"


def test_kept_page_costs_one_query(entry, client, noon, django_assert_num_queries):
    first = client.get(entry.get_absolute_url())
    with django_assert_num_queries(1):
        second = client.get(entry.get_absolute_url())
    assert second.content == first.content
    assert second.headers["Cache-Control"] == "public, no-cache"
    assert not second.cookies
    again = client.get(entry.get_absolute_url(), headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["", "?q=sprachcafé", "?seite=1"])
def test_change_is_on_the_page_at_once(entry, client, noon, query):
    address = f"/mitmachen/{query}"
    first = client.get(address)
    Entry.objects.update(title="Sprachcafé Süd")
    second = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert "Sprachcafé Süd" in second.text


def test_change_of_a_list_is_in_forms_and_filters_at_once(entry, client, noon):
    field = factories.make_field("Sprache")
    entry.fields.add(field)
    for name in ("Sprache", "Sprechen"):
        Field.objects.update(name=name)
        for address in (entry.get_absolute_url(), "/mitmachen/?seite=1", "/anmelden/"):
            assert name in client.get(address).text, address


def test_place_that_is_taken_is_on_the_page_at_once(entry, client, noon):
    Entry.objects.update(places=1)
    assert "Noch 1 Platz frei." in client.get(entry.get_absolute_url()).text
    Application.objects.create(
        entry=Entry.objects.get(pk=entry.pk),
        organisation=factories.make_clearing_office(),
        name="Amina",
        email="amina@example.org",
        status="new",
        confirmed_at=NOON,
    )
    assert "Auf die Warteliste" in client.get(entry.get_absolute_url()).text


FILTERED = (
    "/mitmachen/?ohne-deutsch=1",
    "/mitmachen/?q=sprachcafé&bezirk=feuerbach",
    "/mitmachen/?sortierung=a-z&seite=1",
    "/en/mitmachen/?art=einsatz",
    "/mitmachen.atom?ohne-deutsch=1",
)


@pytest.mark.parametrize("address", FILTERED)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_page_with_filters_is_made_anew_after_every_kind_of_change(
    transactional_db, client, noon, address, change
):
    factories.make_clearing_office()
    place = factories.make_district("feuerbach")
    entry = factories.make_entry("Sprachcafé Nord", without_german=True, districts=[place])
    first = client.get(address)
    with mock.patch("portal.kept._made", side_effect=AssertionError("It is kept.")):
        assert client.get(address).content == first.content
    entry.title = "Sprachcafé West"
    change(entry)
    anew = client.get(address)
    for cache in caches.all():
        cache.clear()
    assert anew.content == client.get(address).content


def test_same_question_is_kept_once_however_it_is_written(entry, client, noon):
    first = client.get("/mitmachen/?ohne-deutsch=1&q=sprachcafé")
    with mock.patch("portal.views.catalogue.cards_of", side_effect=AssertionError("It is kept.")):
        for query in (
            "?q=sprachcafé&ohne-deutsch=1",
            "?ohne-deutsch=1&ort=&q=sprachcafé&sortierung=",
            "?fbclid=abc&ohne-deutsch=1&q=sprachcaf%C3%A9",
        ):
            assert client.get(f"/mitmachen/{query}").content == first.content
    assert "fbclid" not in client.get("/mitmachen/?fbclid=abc").text


@pytest.mark.parametrize(
    "query", ["?q=" + "x" * 5000, "?q=%00", "?" + "a=b&" * 50, "?q=%ff", "?=&&="]
)
def test_odd_query_strings_are_answered_like_any_other(entry, client, noon, query):
    for _time in range(2):
        assert client.get(f"/mitmachen/{query}").status_code == 200


def test_strong_etag_tells_compressed_and_plain_apart(entry, client, noon):
    plain = client.get("/mitmachen/")
    zipped = client.get("/mitmachen/", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    etags = [page.headers["ETag"] for page in (plain, zipped)]
    assert len(set(etags)) == 2
    for etag, accepted in zip(etags, ("identity", "gzip"), strict=True):
        for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            asked = {"if-none-match": given, "accept-encoding": accepted}
            again = client.get("/mitmachen/", headers=asked)
            assert (again.status_code, again.content) == (304, b""), given


def test_host_of_somebody_else_gets_no_kept_page(entry, client, noon):
    client.get("/mitmachen/")
    assert client.get("/mitmachen/", headers={"host": "other.example"}).status_code == 400


@pytest.mark.slow
def test_line_that_breaks_is_put_up_again(entry, monkeypatch):
    monkeypatch.setenv("PORTAL_PROCESS", "web")
    assert versions.current() == versions.current()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND query LIKE %s",
            ["%%string_agg(id::text%%"],
        )
    before = versions.current()
    Entry.objects.update(title="Sprachcafé Ost")
    assert before != versions.current() is not None
    versions._line.hang_up()


def test_change_while_the_page_is_made_is_not_lost(entry, client, noon, settings):
    settings.ROOT_URLCONF = "tests.portal.test_public_cache"
    Entry.objects.filter(pk=entry.pk).update(title="Alt", slug="langsam")
    assert client.get("/langsam/").text == "Alt"
    assert client.get("/langsam/").text == "Neu"


def test_deadline_that_passes_is_on_the_page_in_the_same_second(transactional_db, client):
    event = factories.make_event(takes_registrations=True, capacity=5)
    Event.objects.update(
        starts_at="2026-06-11T18:00:00+02:00",
        ends_at="2026-06-11T20:00:00+02:00",
        registration_until=NOON,
    )
    with time_machine.travel("2026-06-10T11:59:59+02:00", tick=False) as clock:
        assert "Die Anmeldefrist ist vorbei." not in client.get(event.get_absolute_url()).text
        clock.shift(1)
        assert "Die Anmeldefrist ist vorbei." in client.get(event.get_absolute_url()).text
