"""Lists of very many people: counted by estimate, complete while one can leaf, and never read from end to end."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.admin import long_lists, searching
from programs.admin.long_lists import Expected, LongPaginator, Ranges, counted_to, rounded
from programs.counting import Counted
from programs.models import Organisation
from tests import factories
from tests.bench import many
from tests.bench.large_pages import Watch
from tests.clients import client_of
from volunteers.models import Application, SecurityEvent, User
from volunteers.reads import known

pytestmark = pytest.mark.django_db

APPLICATIONS = reverse("admin:volunteers_application_changelist")
VOLUNTEERS = reverse("admin:volunteers_volunteer_changelist")


@pytest.fixture
def boss():
    return factories.make_user("leitung@example.org", is_superuser=True)


@pytest.fixture
def short_bounds(monkeypatch):
    """Lists are long from the eleventh row on."""
    monkeypatch.setattr(long_lists, "COUNTED", 10)
    monkeypatch.setattr(long_lists, "SHOWN", 1000)
    monkeypatch.setattr(admin.site.get_model_admin(Application), "list_per_page", 7)


def make_people(office: Organisation, number: int, start: int = 0) -> None:
    """Some wait too long, some have the same name or the same time."""
    now, today = timezone.now(), timezone.localdate()
    for n in range(start, start + number):
        factories.make_application(
            office, f"Name {n % 9}", email=f"person-{n}@example.org",
            status="new" if n % 4 == 0 else "in_contact",
            answer_by=today + datetime.timedelta(days=n % 5 - 3),
            submitted_at=now - datetime.timedelta(days=n % 3),
        )  # fmt: skip


def pages(client, query=""):
    """The rows of each page, until there is none."""
    found, number = [], 1
    while True:
        changelist = client.get(f"{APPLICATIONS}?p={number}{query}").context["cl"]
        found.append([one.pk for one in changelist.result_list])
        if number >= changelist.paginator.num_pages:
            return found
        number += 1


@pytest.mark.slow
@pytest.mark.parametrize("order", ["", "&o=1", "&o=-1", "&o=2", "&o=4", "&o=6", "&o=-6"])
@pytest.mark.parametrize("is_long", [False, True])
def test_pages_have_each_row_exactly_once(boss, monkeypatch, request, order, is_long):
    make_people(factories.make_clearing_office(), 30)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_application")
    monkeypatch.setattr(admin.site.get_model_admin(Application), "list_per_page", 7)
    whole = pages(client_of(boss), order)
    if is_long:
        request.getfixturevalue("short_bounds")
        monkeypatch.setattr(long_lists, "SHOWN", 42)  # one page more than there are rows for
    found = [pk for page in pages(client_of(boss), order) for pk in page if pk]
    assert sorted(found) == sorted(Application.objects.values_list("pk", flat=True))
    if order in {"", "&o=1", "&o=6"}:  # an index keeps these orders, so that they are the same
        assert found == [pk for page in whole for pk in page]


def test_a_long_list_says_about_how_many_rows_it_has_and_how_far_one_can_leaf(boss, short_bounds):
    make_people(factories.make_clearing_office(), 30)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_application")
    page = client_of(boss).get(f"{APPLICATIONS}?o=4")
    assert str(page.context["cl"].result_count) == "etwa 30"
    text = page.content.decode()
    assert "Blättern können Sie durch die ersten 1.000 Zeilen." in text
    assert "lässt sich eine so lange Liste nicht sortieren" in text
    few = client_of(boss).get(f"{APPLICATIONS}?q=person-17").content.decode()
    assert "1 Treffer" in few
    assert "Blättern können Sie" not in few


def test_behind_the_last_page_of_a_long_list_there_is_none(boss, short_bounds, monkeypatch):
    monkeypatch.setattr(long_lists, "SHOWN", 14)
    make_people(factories.make_clearing_office(), 30)
    client = client_of(boss)
    assert client.get(f"{APPLICATIONS}?p=2").status_code == 200
    assert client.get(f"{APPLICATIONS}?p=3").status_code == 302


def test_numbers_of_rows_are_rounded_and_written_as_people_do():
    assert [rounded(n) for n in (7, 99, 1234, 1_987_654)] == [7, 99, 1200, 2_000_000]
    number = Counted(2_000_000)
    assert (str(number), number == 2_000_000) == ("2000000", True)
    number.words = "etwa %(number)s"
    assert str(number) == "etwa 2.000.000"


def test_years_months_and_days_of_a_long_list_lie_between_its_first_and_last_row():
    for day in ("2023-11-30T12:00Z", "2024-02-29T12:00Z", "2026-01-01T12:00Z"):
        event = SecurityEvent.objects.create(kind="login")
        SecurityEvent.objects.filter(pk=event.pk).update(at=datetime.datetime.fromisoformat(day))
    ranges = Ranges(SecurityEvent.objects.all())
    assert [day.year for day in ranges.datetimes("at", "year")] == [2023, 2024, 2025, 2026]
    months = Ranges(
        SecurityEvent.objects.filter(at__lt=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    )
    assert [day.isoformat() for day in months.datetimes("at", "month")] == [
        "2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"
    ]  # fmt: skip
    assert Ranges(SecurityEvent.objects.none()).dates("at", "day") == []


@pytest.mark.parametrize("word", ["oeztuerk", "Özt", "ÖZ", "zturk", "%", "_", "\\"])
def test_words_are_found_in_any_spelling_and_signs_mean_themselves(boss, word):
    office = factories.make_clearing_office()
    factories.make_application(office, "Ayşe Öztürk", email="a@example.org")
    factories.make_application(office, "Wer%_\\ Zeichen", email="b@example.org")
    found = client_of(boss).get(APPLICATIONS, {"q": word}).context["cl"].result_count
    assert found == (0 if word in "%_\\" else 1) or word in "%_\\"


def test_a_person_is_found_by_the_name_that_an_organisation_was_told(boss):
    office = factories.make_clearing_office()
    person = factories.make_volunteer("Amira Haddad", email="amira@example.org")
    factories.make_application(office, "Amira Sommer", email="amira@example.org", volunteer=person)
    for word in ("Haddad", "Sommer", "amira@"):
        page = client_of(boss).get(VOLUNTEERS, {"q": word})
        assert page.context["cl"].result_count == 1, word
    assert not client_of(boss).get(VOLUNTEERS, {"q": "Winter"}).context["cl"].result_count


@pytest.fixture
def four_people():
    """Two and two of a district; two go by another name at the organisation."""
    office, districts = factories.make_clearing_office(), [*factories.make_districts().values()]
    for n, (name, told) in enumerate([("Anna Berg", "Anna Berg"), ("Ida Tal", "Anna Talberg")] * 2):
        person = factories.make_volunteer(name, email=f"p{n}@example.org")
        one = factories.make_application(office, told, email=person.email, volunteer=person)
        one.districts.add(districts[n // 2])
    return office


@pytest.mark.parametrize("role", ["administrator", "staff"])
@pytest.mark.parametrize("words", ["anna berg", "ida tal", "ida berg", ""])
def test_people_are_the_same_whether_looked_up_or_found_on_the_way(
    boss, four_people, monkeypatch, role, words
):
    user = boss if role == "administrator" else factories.make_member(four_people, role=role).user
    district = Application.objects.order_by("pk").values_list("districts", flat=True)[0]
    query = {"q": words} if words else {"bezirk": district}
    looked_up = client_of(user).get(VOLUNTEERS, query).context["cl"]
    assert looked_up.result_count.words == ""
    monkeypatch.setattr(known, "MANY", -1)
    on_the_way = client_of(user).get(VOLUNTEERS, query).context["cl"]
    assert on_the_way.result_count.words == "etwa %(number)s"
    assert list(on_the_way.result_list) == list(looked_up.result_list)
    names = {"anna berg": 4, "ida tal": 2 if role == "administrator" else 0, "ida berg": 0, "": 2}
    assert len(looked_up.result_list) == names[words]


@pytest.mark.parametrize(("address", "hits"), [(VOLUNTEERS, 4), (APPLICATIONS, 4)])
def test_a_search_looks_for_its_rows_once(boss, four_people, address, hits):
    """Their keys, in order; the page then names those that it shows."""
    client = client_of(boss)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address, {"q": "anna berg"})
    assert page.context["cl"].result_count == hits
    looking = [one["sql"] for one in asked if "search_fold" in one["sql"]]
    assert len([sql for sql in looking if not sql.startswith("EXPLAIN")]) == 1, looking
    assert len(asked) <= 11


def test_a_list_whose_keys_are_no_numbers_is_searched(boss):
    district = next(iter(factories.make_districts().values()))
    address = reverse("admin:programs_district_changelist")
    for words, found in ((district.name, [district]), ("Anna berg", [])):
        assert list(client_of(boss).get(address, {"q": words}).context["cl"].result_list) == found


def test_a_list_that_costs_much_is_not_counted_however_few_rows_it_has(boss, monkeypatch):
    make_people(factories.make_clearing_office(), 12)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_application")
    monkeypatch.setattr(long_lists, "COSTLY", 0)
    page = client_of(boss).get(APPLICATIONS).context["cl"]
    assert str(page.result_count) == "etwa 12"
    assert len(page.result_list) == 12


def test_filters_offer_the_organisations_that_the_list_has_rows_of(boss):
    office = factories.make_clearing_office()
    circle = factories.make_organisation("Kreis", department=office)
    factories.make_organisation("Leer", department=office)
    make_people(office, 2)
    make_people(circle, 1, start=2)
    specs = client_of(boss).get(APPLICATIONS).context["cl"].filter_specs
    of_list = next(one for one in specs if one.title == "beantwortet von")
    assert [pk for pk, _title in of_list.lookup_choices] == [
        one.pk for one in sorted((office, circle), key=lambda one: one.title)
    ]


# --- Plans ------------------------------------------------------------------------------------

PEOPLE = 20_000
ASKED = {
    "volunteers_application": [
        "", "p=50", "o=1", "o=6", "q=Dolankovaek", "q=Quxyzzy", "q=Li", "ueberfaellig=ja", "wartet=bis7",
        "sprache=so", "preferred_language=fr", "art=room", "vorbereitung=offen", "nachricht=offen",
    ],
    "volunteers_volunteer": [
        "", "p=20", "q=Quxyzzy", "q=person-77@example.org", "q=Anna", "q=Anna+berg", "bezirk=01", "feld=begleitung",
    ],
    "volunteers_registration": ["q=Quxyzzy"],
    "volunteers_hoursentry": ["", "q=Quxyzzy", "q=Anna+berg"],
    "volunteers_securityevent": ["", "kind__exact=merged", "q=Quxyzzy"],
    "volunteers_outgoingmail": [""],
}  # fmt: skip


@pytest.mark.slow
def test_no_list_reads_a_large_table_from_end_to_end(monkeypatch):
    monkeypatch.setattr(long_lists, "COUNTED", PEOPLE // 50)
    monkeypatch.setattr("programs.admin.searching.COUNTED", PEOPLE // 50)
    for module in ("programs.admin.searching", "volunteers.reads.known"):
        monkeypatch.setattr(f"{module}.MANY", PEOPLE // 200)
    monkeypatch.setattr("tests.bench.large_pages.LARGE", PEOPLE // 2)
    factories.make_clearing_office()
    factories.make_districts()
    factories.make_field()
    many.catalogue(circles=60)
    many.people(PEOPLE)
    read = []
    for role in ("verwaltung", "fachstelle", "koordination"):
        client = client_of(User.objects.get(email=f"{role}@example.org"))
        for name, queries in ASKED.items():
            for query in queries:
                watch = Watch()
                with connection.execute_wrapper(watch):
                    page = client.get(f"{reverse(f'admin:{name}_changelist')}?{query}")
                if page.status_code == 403:
                    break
                read += [f"{role} {name} {query} {table}" for table in watch.scans(connection)]
    assert "\n".join(read) == ""


def test_the_number_of_queries_does_not_follow_the_number_of_rows(boss):
    office = factories.make_clearing_office()
    make_people(office, 1)
    client = client_of(boss)
    client.get(APPLICATIONS)
    with CaptureQueriesContext(connection) as one:
        client.get(APPLICATIONS)
    make_people(factories.make_circle(), 29, start=1)
    with CaptureQueriesContext(connection) as thirty:
        client.get(APPLICATIONS)
    assert len(thirty) <= len(one) <= 11


@pytest.mark.parametrize(("word", "most"), [("Li", searching.MANY), ("Lina", long_lists.COUNTED)])
def test_of_a_short_word_fewer_rows_are_read_to_count_them(rf, word, most):
    """An index knows little of it: each row would be folded."""
    everything = Application.objects.order_by("-submitted_at", "-pk")
    list_of = admin.site.get_model_admin(Application)
    found, _twice = list_of.get_search_results(rf.get("/"), everything, word)
    for expected, is_long in ((most, False), (most + 1, True)):
        pages = LongPaginator(found, 50)
        pages.root, pages.plan = everything, Expected(expected)
        assert pages.is_long is is_long
        assert pages.count == (rounded(most + 1) if is_long else 0)


@pytest.mark.parametrize("expected", [0, 3])
def test_of_more_than_expected_at_least_what_was_read_is_said(rf, expected, monkeypatch):
    """What is found by keys expects nothing, and PostgreSQL may expect too little."""
    monkeypatch.setattr(long_lists, "COUNTED", 20)
    circle = factories.make_circle()
    for _n in range(22):
        factories.make_application(circle)
    pages = LongPaginator(counted_to(Application.objects.order_by("pk"), 5), 10)
    pages.root, pages.plan = Application.objects.order_by("pk"), Expected(expected)
    assert pages.count >= 20
    assert pages.num_pages >= 2
