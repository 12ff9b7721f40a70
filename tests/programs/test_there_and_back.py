"""What the portal exports it imports again: every list in every format, unchanged."""

import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from programs.exchange.cells import tidy, tidy_lines
from programs.exchange.columns import Columns, headings_of
from programs.exchange.problems import problems_of
from programs.exchange.reading.files import read_table
from programs.exchange.reading.headings import heading_row
from programs.exchange.resources import SheetResource
from programs.exchange.writers import EXPORT_FORMATS
from programs.models import Event, Field, Membership, Organisation, TargetGroup
from programs.models.choices import DayPart, Language, Precision, Weekday
from tests import factories
from volunteers.models import Application, User, Volunteer
from volunteers.roles.table import MATRIX
from welcome_rooms.models import WelcomeRoom

pytestmark = pytest.mark.django_db

some = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# --- Made-up values ---------------------------------------------------------------------------

TRICKY = [
    "Persisch/Dari", "Kinder, Jugend; Familie", "a;b|c,d\te", "Zeile 1\nZeile 2", "Zeile 1\r\n\r\nZeile 3",
    "=1+1", "+49 711 216-0", "-1", "@x", "'=1", "''+1", "'s Kätzle", "\t=1", "\u200b\u200b@x", "＝1",
    "007", "0711 216", "70173", "4,97111E+11", "1e5", "1.3.18", "31.12.2026", "18:00", "ja", "WAHR", "NULL",
    " vorn", "  zwei  Lücken  ", "\u00a0", "علی\u200cرضا", "\u202eumgedreht", "שלום, עולם", "👨\u200d👩\u200d👦",
    '"', '"a";"b"', "\\", "<b>&amp;</b>", "e\u0301", "ﬁ", "_x000D_", "\u2028", "\x0b", "sep=,", "{{ x }}",
    "hinten ", "lang " * 200, "ß" * 40_000,
]  # fmt: skip
ANY = st.characters(exclude_characters="\x00", exclude_categories=("Cs",))


def texts(longest: int, shortest: int = 0) -> st.SearchStrategy[str]:
    made_up = st.one_of(st.sampled_from(TRICKY), st.text(ANY, max_size=30))
    return made_up.map(lambda text: text[:longest]).filter(lambda t: len(t.strip()) >= shortest)


def some_of(choices: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(choices.values), unique=True)


def days() -> st.SearchStrategy[datetime.date | None]:
    ends = [datetime.date(year, 12, 31) for year in (1899, 1999, 2026)]
    made_up = st.dates(datetime.date(850, 1, 1), datetime.date(2200, 1, 1))
    return st.one_of(st.none(), st.sampled_from(ends), made_up)


def moments() -> st.SearchStrategy[datetime.datetime]:
    """Also the hour that comes twice, and the last and first second of a year."""
    twice = datetime.datetime(2026, 10, 25, 2, 30, tzinfo=factories.BERLIN)
    special = [
        twice,
        twice.replace(fold=1),
        datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=factories.BERLIN),
        datetime.datetime(2027, 1, 1, tzinfo=factories.BERLIN),
    ]
    made_up = st.datetimes(
        datetime.datetime(1950, 1, 1),
        datetime.datetime(2090, 1, 1),
        timezones=st.just(factories.BERLIN),
        allow_imaginary=False,
    )
    return st.one_of(st.sampled_from(special), made_up)


PHONES = ("", "0711 216-0", "+49 (0) 711 2160", "07112160", "115")


@dataclass
class Made:
    """What a test starts with: an office, its people, and terms with names that separators cut."""

    draw: Callable[[st.SearchStrategy[Any]], Any]

    def __post_init__(self) -> None:
        self.office = factories.make_clearing_office()
        self.districts = [factories.make_district("mitte"), factories.make_district("feuerbach")]
        names = ("Kinder, Jugend", "Kinder", "Arbeit/Beruf", "Sprache; Schrift", "=Hilfe")
        self.fields = [factories.make_field(name, slug=f"f-{n}") for n, name in enumerate(names)]
        self.groups = [factories.make_target_group(n, slug=f"g-{i}") for i, n in enumerate(names)]

    def of(self, records: list[Any]) -> list[Any]:
        return self.draw(st.lists(st.sampled_from(records), unique=True))

    def entry(self, **more: Any) -> dict[str, Any]:
        """Values for the columns that all entries have."""
        draw = self.draw
        return more | {
            "title": draw(texts(160, 1)),
            "summary": draw(texts(300)),
            "description": draw(texts(50_000)),
            "districts": self.of(self.districts),
            "fields": self.of(self.fields),
            "target_groups": self.of(self.groups),
            "languages": draw(some_of(Language)),
            "website": draw(texts(300)),
            "contact_role": draw(texts(120)),
            "phone": draw(st.sampled_from(PHONES)),
            "phone_hours": draw(texts(120)),
            "status": draw(st.sampled_from(Organisation.Status.values)),
            "is_published": draw(st.booleans()),
            "accepts_sign_ups": draw(st.booleans()),
            "source": draw(texts(500)),
            "as_of": draw(days()),
            "as_of_precision": draw(st.sampled_from(Precision.values)),
            "confirmed_on": draw(days()),
        }


def organisation(made: Made) -> None:
    draw = made.draw
    factories.make_organisation(
        department=made.office,
        type=draw(st.sampled_from(Organisation.Type.values)),
        carried_by=draw(texts(100)),
        founded=draw(st.one_of(st.none(), st.integers(0, 2100))),
        area=draw(texts(160)),
        located_at=draw(texts(160)),
        answer_days=draw(st.integers(1, 60)),
        post_to=draw(texts(120)),
        post_street=draw(texts(120)),
        post_code=draw(st.sampled_from(["", "70173", "01067"])),
        post_city=draw(texts(80)),
        **made.entry(),
    )


def room(made: Made) -> None:
    names = ("place", "street", "funder", "funding_programme", "access_note")
    words = {name: made.draw(texts(100)) for name in names}
    point = made.draw(st.sampled_from([(None, None), (48.7, 9.0), (48.77542, 9.1789012345)]))
    more = made.entry() | {"latitude": point[0], "longitude": point[1]}
    new = factories.make_room(organisation=made.office, **words, **more)
    factories.make_opening_hours(new)


def event(made: Made) -> None:
    draw = made.draw
    start = draw(moments()).astimezone(datetime.UTC)  # an hour is missing on some days in Stuttgart
    names = ("place", "access_note", "childcare_note", "qualification", "summary", "description")
    factories.make_event(
        draw(texts(160, 1)),
        organisation=made.office,
        kind=draw(st.sampled_from(Event.Kind.values)),
        starts_at=start,
        ends_at=start + draw(st.timedeltas(datetime.timedelta(minutes=1), datetime.timedelta(3))),
        registration_until=draw(st.sampled_from([None, start])),
        district=draw(st.sampled_from([None, *made.districts])),
        online_url=draw(texts(200)),
        languages=draw(some_of(Language)),
        takes_registrations=draw(st.booleans()),
        capacity=draw(st.one_of(st.none(), st.integers(1, 500))),
        qualification_months=draw(st.one_of(st.none(), st.integers(0, 60))),
        is_published=draw(st.booleans()),
        is_cancelled=draw(st.booleans()),
        street=draw(texts(100)),
        **{name: draw(texts(150)) for name in names},
    )


def volunteer(made: Made) -> None:
    """A person with up to three applications, open and closed, each with data of its own."""
    draw = made.draw
    email = f"person-{Volunteer.objects.count()}@example.org"
    person = factories.make_volunteer(draw(texts(120, 1)), email=email, phone=draw(texts(40)))
    other = factories.make_circle("Kreis, der zweite", department=made.office)
    factories.make_member(other, made.member.user, role=Membership.Role.STAFF)
    for place in draw(st.lists(st.sampled_from([made.office, other]), min_size=1, max_size=3)):
        status = draw(st.sampled_from(("new", "ready", "placed", "declined", "completed")))
        factories.make_application(
            place,
            draw(texts(120, 1)),
            volunteer=person,
            entry=factories.make_entry(draw(texts(100, 1)), organisation=place),
            status=status,
            decline_reason="voll" if status == "declined" else "",
            phone=draw(texts(40)),
            languages=draw(some_of(Language)),
            weekdays=draw(some_of(Weekday)),
            dayparts=draw(some_of(DayPart)),
            districts=made.of(made.districts),
            fields=made.of(made.fields),
        )


def visits(made: Made) -> None:
    """Two rooms with an offer of the same name that can be read; some visits belong to no offer."""
    draw = made.draw
    title = draw(texts(100, 1).filter(lambda text: any(map(str.isalnum, text))))
    day = draw(st.dates(datetime.date(2000, 1, 1), datetime.date(2200, 1, 1)))
    for name in ("Raum Ost, am Markt", "Raum West"):
        new = factories.make_room(f"{name} {WelcomeRoom.objects.count()}", organisation=made.office)
        for offer in (factories.make_room_offer(new, title), None):
            number, is_estimate = draw(st.integers(0, 5000)), draw(st.booleans())
            factories.make_visit_count(
                new, day, offer=offer, number=number, is_estimate=is_estimate
            )


VOLUNTEER = "volunteers.volunteer"
MAKERS: dict[str, Callable[[Made], None]] = {
    "programs.organisation": organisation,
    "programs.event": event,
    "welcome_rooms.visitcount": visits,
    "welcome_rooms.welcomeroom": room,
    VOLUNTEER: volunteer,
}


def test_every_list_that_goes_both_ways_is_here():
    both = {name for name, actions in MATRIX["adm"].items() if {"export", "import"} <= actions}
    assert both == set(MAKERS)


# --- Both ways --------------------------------------------------------------------------------


def resource_for(label: str, user: User) -> SheetResource:
    (resource,) = admin.site.get_model_admin(apps.get_model(label)).resource_classes
    return resource(user=user)


def seen_by(label: str, user: User) -> Any:
    return apps.get_model(label).objects.visible_to(user)


def file_of(label: str, user: User, key: str) -> bytes:
    file = io.BytesIO()
    rows = resource_for(label, user).rows(seen_by(label, user))
    assert EXPORT_FORMATS[key].write(file, rows) > 0
    return file.getvalue()


def taken_in(label: str, user: User, data: bytes) -> Any:
    """What the worker does with a list of which the person changes nothing on the way."""
    resource = resource_for(label, user)
    columns, table = Columns(resource), read_table(data)
    row = heading_row(table.rows, columns.known)
    mapping = columns.guess(headings_of(table, row), {})
    assert columns.faults(mapping) == []
    dataset = columns.dataset(table, row, mapping)
    result = resource.import_data(dataset)
    assert problems_of(result, dataset, resource.columns()) == []
    return result


def lines_of(label: str, user: User) -> list[list[Any]]:
    return [list(row) for row in resource_for(label, user).rows(seen_by(label, user))]


BOTH = [*((label, False) for label in MAKERS), (VOLUNTEER, True)]
"""Lists and whether the Portalverwaltung takes them: of people it alone sees the records themselves."""


@pytest.mark.slow
@pytest.mark.parametrize("key", EXPORT_FORMATS)
@pytest.mark.parametrize(("label", "is_superuser"), BOTH)
@some
@given(data=st.data())
def test_what_is_exported_comes_back_without_a_change(label, is_superuser, key, data):
    with transaction.atomic():
        made = Made(data.draw)
        made.member = factories.make_member(made.office, role=Membership.Role.STAFF)
        for _number in range(data.draw(st.integers(1, 3))):
            MAKERS[label](made)
        user = made.member.user
        user.is_superuser = is_superuser
        before = lines_of(label, user)
        counts = counted()
        result = taken_in(label, user, file_of(label, user, key))
        assert {name: n for name, n in result.totals.items() if n} == {"skip": len(before) - 1}
        assert lines_of(label, user) == before
        assert counted() == counts
        transaction.set_rollback(True)


def counted() -> list[int]:
    models = (Organisation, WelcomeRoom, Event, Volunteer, Application, Field, TargetGroup)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize("key", EXPORT_FORMATS)
@pytest.mark.parametrize("label", ["programs.organisation", "programs.event"])
def test_exported_list_makes_the_same_records_where_they_are_missing(label, key):
    """Each cell says all of its value: names with separators stay whole, text and days come as they were."""
    made = Made(lambda _strategy: None)
    member = factories.make_member(made.office, role=Membership.Role.STAFF)
    same = {
        "languages": Language.values,
        "summary": tidy("'=1; +49, „so“ – Персидский/عمر 👨\u200d👩\u200d👧"),
        "description": tidy_lines("\n".join(text[:300] for text in TRICKY)),
        "is_published": True,
    }
    if label == "programs.organisation":
        lists = {"districts": made.districts, "fields": made.fields, "target_groups": made.groups}
        year_end = {"as_of": datetime.date(2026, 12, 31), "confirmed_on": datetime.date(1850, 1, 1)}
        record = factories.make_organisation(
            "Kreis „Süd“, e. V.; =1", department=made.office, founded=1899, area="007", **lists, **year_end, **same
        )  # fmt: skip
    else:
        start = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=factories.BERLIN)
        record = factories.make_event(
            "Abend; lang", organisation=made.office, starts_at=start, registration_until=start,
            district=made.districts[0], capacity=7, is_cancelled=True, place="0711", **same,
        )  # fmt: skip
    lines, data = lines_of(label, member.user), file_of(label, member.user, key)
    record.delete()
    assert taken_in(label, member.user, data).totals["new"] == 1
    assert lines_of(label, member.user) == lines


def test_list_of_an_organisation_names_somebody_again_whose_application_is_closed():
    """Only a row that names the status, too, is taken for one of an export."""
    circle = factories.make_circle()
    katrin = factories.make_member(circle).user
    factories.make_application(circle, "Amira", email="a@example.org", status="withdrawn")
    assert taken_in(VOLUNTEER, katrin, file_of(VOLUNTEER, katrin, "csv")).totals["skip"] == 1
    own_list = b"Name;E-Mail\r\nAmira;a@example.org\r\n"
    assert taken_in(VOLUNTEER, katrin, own_list).totals["new"] == 1
    assert Application.objects.filter(status="ready").count() == 1
