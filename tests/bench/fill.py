"""Invented records in bulk: 500 public entries and 10,000 people."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from programs.models import District, Entry, Field, Language, Opportunity, Organisation, TargetGroup
from programs.models.translated import GERMAN, digest
from volunteers.models import Application, CompanionRequest, DateRequest, Volunteer
from volunteers.models.statuses import Status

WORDS = (
    "Begleitung Sprachcafé Hausaufgaben Behörde Garten Fahrradwerkstatt Wohnung Ausbildung Kinder "
    "Nachmittag Frauen Treff Lernen Kochen Musik Sport Nähen Bücher Ausflug Gespräch"
).split()


def entries(number: int, *, start: int = 0) -> None:
    """Add ``number`` published opportunities, spread over districts, fields and languages."""
    rng = random.Random(start)
    owner = Organisation.objects.clearing_office()
    lists = [list(m.objects.all()) for m in (District, Field, TargetGroup)]
    for index in range(start, start + number):
        texts = {
            "title": f"{' '.join(rng.sample(WORDS, 3))} {index}",
            "summary": " ".join(rng.choices(WORDS, k=20)),
            "description": " ".join(rng.choices(WORDS, k=120)),
        }
        entry = Opportunity.objects.create(
            **texts,
            slug=f"bench-{index}",
            translations=_translations(texts) if index % 2 else {},
            organisation=owner,
            is_published=True,
            is_demo=True,
            languages=rng.sample(Language.values, 2),
            weekdays=rng.sample(range(7), 2),
            dayparts=[rng.choice(["morning", "afternoon", "evening"])],
            without_german=rng.random() < 0.3,
            newcomers_welcome=rng.random() < 0.3,
        )
        entry.districts.set(rng.sample(lists[0], 1))
        entry.fields.set(rng.sample(lists[1], 2))
        entry.target_groups.set(rng.sample(lists[2], 1))


def _translations(texts: dict[str, str]) -> dict[str, Any]:
    """Every text in every language."""
    others = [code for code, _name in settings.LANGUAGES if code != GERMAN]
    return {
        code: {name: {"text": f"{code} {text}", "of": digest(text)} for name, text in texts.items()}
        for code in others
    }


def people(number: int, *, start: int = 0) -> None:
    """Add ``number`` volunteers with one confirmed application each."""
    volunteers = Volunteer.objects.bulk_create(_volunteers(number, start), batch_size=1000)
    Application.objects.bulk_create(_applications(volunteers), batch_size=1000)
    districts = list(District.objects.values_list("pk", flat=True))
    through = Volunteer.districts.through
    through.objects.bulk_create(
        (
            through(volunteer_id=volunteer.pk, district_id=districts[volunteer.pk % len(districts)])
            for volunteer in volunteers
        ),
        batch_size=2000,
    )


def tandems(requests: int, helpers: int) -> None:
    """Add open requests and volunteers who are ready for a tandem, all of the clearing office."""
    rng = random.Random(requests)
    office = Organisation.objects.clearing_office()
    districts, fields = list(District.objects.all()), list(Field.objects.all())
    people = Volunteer.objects.bulk_create(
        (
            Volunteer(email=f"tandem-{n}@example.org", name=f"Bereit {n}", is_demo=True)
            for n in range(helpers)
        ),
        batch_size=1000,
    )
    ready = Application.objects.bulk_create(
        (
            Application(
                organisation=office,
                volunteer=volunteer,
                email=volunteer.email,
                name=volunteer.name,
                status=Status.READY,
                confirmed_at=timezone.now(),
                gender=rng.choice(["", "woman", "man"]),
                tandem_limit=rng.choice([1, 1, 1, 2]),
                is_demo=True,
                **_times(rng),
            )
            for volunteer in people
        ),
        batch_size=1000,
    )
    wanted = CompanionRequest.objects.bulk_create(
        CompanionRequest(
            name=f"Suche {n}",
            email=f"suche-{n}@example.org",
            organisation=office,
            age_group="adult",
            status="open",
            confirmed_at=timezone.now(),
            wish=rng.choice(["", "", "woman", "man"]),
            district=rng.choice(districts),
            is_demo=True,
            **_times(rng),
        )
        for n in range(requests)
    )
    _link(Application.districts.through, "application", "district", ready, districts, rng, 2)
    _link(Application.fields.through, "application", "field", ready, fields, rng, 3)
    _link(CompanionRequest.fields.through, "companionrequest", "field", wanted, fields, rng, 3)


def dates(wanted: int, helpers: int) -> None:
    """Add single dates of the next days, and volunteers who may be asked for them."""
    rng = random.Random(wanted)
    office = Organisation.objects.clearing_office()
    districts = list(District.objects.all())
    people = Volunteer.objects.bulk_create(
        Volunteer(
            email=f"einmal-{n}@example.org", name=f"Einmal {n}", single_dates=True, is_demo=True,
            **_times(rng),
        )
        for n in range(helpers)
    )  # fmt: skip
    Application.objects.bulk_create(
        Application(
            organisation=office,
            volunteer=one,
            email=one.email,
            name=one.name,
            status=Status.READY,
            confirmed_at=timezone.now(),
            is_demo=True,
        )
        for one in people
    )
    _link(Volunteer.districts.through, "volunteer", "district", people, districts, rng, 2)
    now = timezone.now()
    DateRequest.objects.bulk_create(
        DateRequest(
            name=f"Termin {n}",
            email=f"termin-{n}@example.org",
            kind="company",
            asker="shelter",
            topic="office",
            language=rng.choice(Language.values),
            starts_at=now + datetime.timedelta(hours=24 + n % 200),
            minutes=60,
            district=rng.choice(districts),
            place="Eberhardstraße 39",
            status="open",
            confirmed_at=now,
            next_wave_at=now,
            is_demo=True,
        )
        for n in range(wanted)
    )


def _times(rng: random.Random) -> dict[str, Any]:
    return {
        "languages": rng.sample(Language.values, 2),
        "weekdays": rng.sample(range(7), 2),
        "dayparts": [rng.choice(["morning", "afternoon", "evening"])],
    }


def _link(
    through: Any,
    owner: str,
    name: str,
    records: list[Any],
    values: list[Any],
    rng: random.Random,
    each: int,
) -> None:
    through.objects.bulk_create(
        (
            through(**{f"{owner}_id": record.pk, f"{name}_id": value.pk})
            for record in records
            for value in rng.sample(values, each)
        ),
        batch_size=2000,
    )


def _volunteers(number: int, start: int) -> Iterator[Volunteer]:
    for index in range(start, start + number):
        yield Volunteer(
            email=f"bench-{index}@example.org",
            name=f"Erfunden {WORDS[index % len(WORDS)]} {index}",
            phone="0711 000000",
            languages=["de", Language.values[index % len(Language.values)]],
            is_demo=True,
        )


def _applications(volunteers: list[Volunteer]) -> Iterator[Application]:
    office = Organisation.objects.clearing_office()
    entries = list(Entry.objects.joinable().filter(slug__startswith="bench-")[:500])
    for index, volunteer in enumerate(volunteers):
        yield Application(
            entry=entries[index % len(entries)],
            organisation=office,
            volunteer=volunteer,
            email=volunteer.email,
            name=volunteer.name,
            status=Status.READY,
            confirmed_at=timezone.now(),
            is_demo=True,
        )


def entries_at_once(number: int, *, start: int) -> None:
    """Add ``number`` copies of the entries of :func:`entries`, with addresses from ``bench-<start>`` on."""
    with connection.cursor() as cursor:
        for table in ("programs_entry", "programs_opportunity"):
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND column_name NOT IN ('id', 'slug', 'public_id', 'entry_ptr_id')"
                " AND is_generated = 'NEVER'",
                [table],
            )
            columns = cursor.fetchone()[0]
            if table == "programs_entry":
                cursor.execute(
                    "CREATE TEMP TABLE copied AS SELECT old.id AS old, number, nextval(pg_get_serial_sequence("
                    "'programs_entry', 'id')) AS new FROM generate_series(%s, %s) AS number"
                    " JOIN programs_entry AS old ON old.slug = 'bench-' || number %% 500",
                    [start, start + number - 1],
                )
                own, values = "id, slug", "new, 'bench-' || number"
                match = "id"
            else:
                own, values, match = "entry_ptr_id", "new", "entry_ptr_id"
            cursor.execute(
                f"INSERT INTO {table} ({own}, {columns}) SELECT {values}, {columns}"  # noqa: S608
                f" FROM copied JOIN {table} ON {table}.{match} = old"
            )
        for name in ("districts", "fields", "target_groups"):
            through = Entry._meta.get_field(name).remote_field.through
            other = through._meta.get_fields()[-1].column
            cursor.execute(
                f"INSERT INTO {through._meta.db_table} (entry_id, {other}) SELECT new, {other}"  # noqa: S608
                f" FROM copied JOIN {through._meta.db_table} AS own ON own.entry_id = old"
            )
