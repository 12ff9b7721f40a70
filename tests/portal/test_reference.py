"""The starting data: its content, and that loading it again keeps the changes of staff."""

import datetime
import json
import re
import shutil

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.models import KeyFigure, LoadedRecord, Page
from portal.reference import Outcome, load
from portal.reference.files import DATA, read_records
from portal.reference.kinds import KINDS
from portal.reference.values import record_key
from portal.search.kept import Search
from programs.models import District, Entry, Event, Field, Organisation, Programme, TargetGroup
from tests import factories
from volunteers.models import Application, StepRecord, User, Volunteer
from welcome_rooms.models import OpeningHours, WelcomeRoom

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The starting data, loaded once for this module; every test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        report = load()
        yield report
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _on_loaded_data(loaded, db):
    pass


@pytest.fixture
def release(tmp_path):
    """A copy of the data files, with a function that changes one record of it."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def change(file, slug, **values):
        path = folder / file
        records = json.loads(path.read_text())
        record = next(r for r in records if r.get("slug") == slug)
        record |= values
        path.write_text(json.dumps(records))
        return folder

    return change


def entry(slug):
    return Entry.objects.get(slug=slug)


def rows_of_all_tables():
    """Position and transaction of every row: an update changes both."""
    tables = {
        through._meta.db_table
        for kind in KINDS
        for model in (kind.model, *(rows.model for rows in kind.rows))
        for through in (
            model,
            *model._meta.parents,
            *(field.remote_field.through for field in model._meta.many_to_many),
        )
    } | {LoadedRecord._meta.db_table}
    assert len(tables) > 15
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(tables):
            cursor.execute(f"SELECT ctid::text, xmin::text FROM {table} ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


# --- Loading ------------------------------------------------------------------------------


def test_first_run_creates_every_record(loaded):
    records = sum(len(read_records(DATA, name)) for kind in KINDS for name in kind.files)
    assert records > 150
    assert loaded.count(Outcome.CREATED) == records
    assert LoadedRecord.objects.count() == records


def test_second_run_writes_nothing():
    before = rows_of_all_tables()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = load()
    assert rows_of_all_tables() == before
    assert report.count(Outcome.UNCHANGED) == LoadedRecord.objects.count()
    writing = [q["sql"] for q in queries if re.match(r"INSERT|UPDATE|DELETE", q["sql"])]
    assert writing == []
    assert len(queries) < 60


def test_command_says_what_it_did(capsys):
    call_command("load_reference")
    assert capsys.readouterr().out.startswith("0 angelegt, 0 aktualisiert, ")


def test_record_edited_by_staff_is_not_overwritten(release):
    Entry.objects.filter(slug="willkommenspaten").update(summary="Von der Fachstelle geschrieben.")
    report = load(folder=release("programmes.json", "willkommenspaten", summary="Neue Fassung"))
    assert entry("willkommenspaten").summary == "Von der Fachstelle geschrieben."
    assert report.keys[Outcome.EDITED] == ["programme:willkommenspaten"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        lambda room: room.districts.add("01"),
        lambda room: room.fields.clear(),
        lambda room: room.offers.first().delete(),
        lambda room: room.offers.create(title="Schachabend"),
        lambda room: OpeningHours.objects.create(
            room=room, weekday=0, opens="17:00", closes="20:00"
        ),
        lambda room: room.carrier_periods.update(until=datetime.date(2020, 11, 30)),
    ],
    ids=["list", "cleared list", "offer gone", "offer", "hours", "carrier"],
)
def test_lists_and_rows_of_a_record_count_as_staff_edits_too(release, edit):
    edit(WelcomeRoom.objects.get(slug="willkommensraum-feuerbach"))
    report = load(folder=release("welcome_rooms.json", "willkommensraum-feuerbach", title="Neu"))
    assert report.keys[Outcome.EDITED] == ["room:willkommensraum-feuerbach"]
    assert entry("willkommensraum-feuerbach").title == "Willkommensraum Feuerbach"


def test_confirmation_by_staff_is_kept(release):
    room = entry("willkommensraum-feuerbach")
    room.confirm()
    room.save()
    load(folder=release("welcome_rooms.json", room.slug, summary="Neue Fassung"))
    assert entry(room.slug).confirmed_on == room.confirmed_on


@pytest.mark.slow
def test_edit_taken_back_by_staff_is_no_edit(release):
    programme = entry("startklar")
    Entry.objects.filter(pk=programme.pk).update(title="Anders")
    load()
    Entry.objects.filter(pk=programme.pk).update(title=programme.title)
    load(folder=release("programmes.json", "startklar", summary="Neue Fassung"))
    assert entry("startklar").summary == "Neue Fassung"


@pytest.mark.slow
def test_record_deleted_by_staff_is_not_made_again(release):
    Page.objects.get(slug="so-laeuft-es").delete()
    entry("stammheim-hilft").delete()
    report = load(folder=release("freundeskreise.json", "stammheim-hilft", title="Neu"))
    assert not Page.objects.filter(slug="so-laeuft-es").exists()
    assert not Entry.objects.filter(slug="stammheim-hilft").exists()
    assert set(report.keys[Outcome.DELETED]) == {
        "page:so-laeuft-es",
        "organisation:stammheim-hilft",
    }


@pytest.mark.slow
def test_deleted_term_does_not_make_its_entries_look_edited(release):
    Field.objects.get(slug="kultur").delete()
    assert load().count(Outcome.EDITED) == 0
    report = load(folder=release("welcome_rooms.json", "willkommensraum-mitte", title="Neu"))
    assert report.count(Outcome.EDITED) == 0
    assert entry("willkommensraum-mitte").title == "Neu"
    assert not Field.objects.filter(slug="kultur").exists()
    before = rows_of_all_tables()
    load(folder=release("welcome_rooms.json", "willkommensraum-mitte", title="Neu"))
    assert rows_of_all_tables() == before


@pytest.mark.slow
def test_newer_release_updates_untouched_record_and_no_other(release):
    folder = release(
        "welcome_rooms.json",
        "willkommensraum-mitte",
        summary="Neue Fassung",
        districts=["01", "05"],
        offers=[{"title": "Schachabend", "position": 1}],
    )
    report = load(folder=folder)
    room = WelcomeRoom.objects.get(slug="willkommensraum-mitte")
    assert room.summary == "Neue Fassung"
    assert {district.pk for district in room.districts.all()} == {"01", "05"}
    assert [offer.title for offer in room.offers.all()] == ["Schachabend"]
    assert report.keys[Outcome.UPDATED] == ["room:willkommensraum-mitte"]
    assert report.count(Outcome.CREATED) == 0
    assert load(folder=folder).count(Outcome.UPDATED) == 0


def test_value_that_a_newer_release_drops_is_emptied(release):
    load(folder=release("welcome_rooms.json", "willkommensraum-mitte", street="", offers=[]))
    room = WelcomeRoom.objects.get(slug="willkommensraum-mitte")
    assert room.street == ""
    assert not room.offers.exists()


def test_record_that_staff_made_under_the_same_address_stays_theirs():
    LoadedRecord.objects.filter(key="page:impressum").delete()
    Page.objects.filter(slug="impressum").update(body="Von der Stadt")
    assert load().keys[Outcome.EDITED] == ["page:impressum"]
    assert Page.objects.get(slug="impressum").body == "Von der Stadt"


def test_record_that_collides_with_one_of_staff_is_skipped_and_the_rest_is_loaded(release):
    TargetGroup.objects.create(name="Studierende", slug="studis")
    folder = release("target_groups.json", "kinder", name="Studierende")
    release("target_groups.json", "frauen", description="Neu")
    report = load(folder=folder)
    assert report.keys[Outcome.SKIPPED] == ["target_group:kinder"]
    assert "target_group:kinder" in report.reasons
    assert TargetGroup.objects.get(slug="frauen").description == "Neu"


def test_record_whose_organisation_is_gone_is_skipped(release):
    folder = release("programmes.json", "beratung", organisation="gibt-es-nicht")
    report = load(folder=folder)
    assert report.reasons == {"programme:beratung": "„gibt-es-nicht“ gibt es nicht mehr"}


@pytest.mark.slow
def test_dry_run_reports_and_changes_nothing(release, capsys):
    before = rows_of_all_tables()
    report = load(folder=release("programmes.json", "startklar", title="Neu"), dry_run=True)
    assert report.count(Outcome.UPDATED) == 1
    assert rows_of_all_tables() == before
    call_command("load_reference", "--dry-run")
    assert capsys.readouterr().out.startswith("Probelauf: ")


def test_unknown_name_in_a_data_file_is_an_error(release):
    with pytest.raises(ValueError, match="sumary"):
        load(folder=release("programmes.json", "startklar", sumary="Tippfehler"))


# --- The data files -----------------------------------------------------------------------


def test_every_reference_of_the_data_files_is_met():
    records = {kind.name: _records(kind) for kind in KINDS}
    names = {
        "neighbours": {r["number"] for r in records["district"]},
        "districts": {r["number"] for r in records["district"]},
        "fields": {r["slug"] for r in records["field"]},
        "target_groups": {r["slug"] for r in records["target_group"]},
        "partners": {r["slug"] for r in records["organisation"]},
    }
    checked = 0
    for kind in KINDS:
        for record in records[kind.name]:
            for name in kind.lists:
                assert set(record.get(name, [])) <= names[name], record_key(kind, record)
                checked += len(record.get(name, []))
    assert checked > 300


def _records(kind):
    return [record for name in kind.files for record in read_records(DATA, name)]


@pytest.mark.slow
def test_every_record_passes_the_checks_of_its_model():
    checked = 0
    for kind in KINDS:
        for row in kind.model.objects.all():
            row.full_clean(exclude=["entry_ptr"])
            checked += 1
    assert checked == LoadedRecord.objects.count()


def test_data_files_hold_no_mail_address_and_no_phone_number():
    texts = [path.read_text() for path in DATA.glob("*.json")]
    texts += [path.read_text() for path in DATA.glob("pages/*.md")]
    assert len(texts) > 12
    for text in (re.sub(r"https?://\S+", "", text) for text in texts):
        assert not re.search(r"[\w.]+@[\w.]+", text)
        assert not re.search(r"\b0\d{2,4}[ /-]\d{3,}", text)


def test_starting_data_has_no_demo_records_people_or_events():
    assert not Entry.objects.filter(is_demo=True).exists()
    assert not Entry.objects.filter(kind=Entry.Kind.OPPORTUNITY).exists()
    for model in (Event, User, Volunteer, Application):
        assert not model.objects.exists()


def test_every_entry_has_a_source_and_none_claims_a_confirmation():
    assert not Entry.objects.filter(source="").exists()
    assert not Entry.objects.filter(confirmed_on__isnull=False).exists()


# --- What the owner's texts name ----------------------------------------------------------

INTEGRATION = "Abteilung Integrationspolitik"
SOCIAL = "Sozialamt"
PLANNING = "Abteilung Sozialplanung, Sozialberichterstattung und Förderung"
VOLUNTEERS = "Ehrenamtliche in der Integrationsarbeit"
REFUGEES = "Bürgerschaftliches Engagement in der Flüchtlingsarbeit"
BMBF = "Bundesministerium für Bildung und Forschung (BMBF)"

# title, status, period, department, funder, source, Stand
MISSION = [
    ("WillkommensPaten", "active", "seit Februar 2015", INTEGRATION, "", VOLUNTEERS, "2022"),
    ("Bildungsmentoren", "active", "", INTEGRATION, "", VOLUNTEERS, "2020"),
    (
        "Individuelle Lernbegleitung",
        "ended",
        "ab Oktober 2006, inzwischen beendet",
        INTEGRATION,
        "",
        VOLUNTEERS,
        "2020",
    ),
    ("LERNaktiv", "ended", "inzwischen beendet", INTEGRATION, "", VOLUNTEERS, "2020"),
    ("STARTklar", "active", "seit September 2004", INTEGRATION, "", VOLUNTEERS, "2021"),
    (
        "Migranteneltern unterstützen Migranteneltern",
        "active",
        "seit 2008",
        INTEGRATION,
        "",
        VOLUNTEERS,
        "2009",
    ),
    ("Information und Newsletter für Engagierte", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Anerkennung für Engagierte", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Beratung zum Engagement", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Engagement von Geflüchteten", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Kooperationen mit Unternehmen und Stiftungen", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Gemeinschaftsgespräche", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    ("Reboot", "active", "seit etwa November 2018", SOCIAL, "", REFUGEES, "28.11.2019"),
    ("Projekt Nordbahnhofstraße", "active", "", SOCIAL, "", REFUGEES, "07/2019"),
    (
        "Koordination von Bildungsangeboten für Neuzugewanderte",
        "ended",
        "01.02.2017 – 31.01.2021",
        SOCIAL,
        BMBF,
        REFUGEES,
        "07/2019",
    ),
    ("Ausbildungscampus Stuttgart", "active", "seit 2017", SOCIAL, "", REFUGEES, "2024"),
]


@pytest.mark.parametrize(
    ("title", "status", "period", "department", "funder", "source", "stand"),
    MISSION,
    ids=[row[0] for row in MISSION],
)
def test_programme_of_the_mission(title, status, period, department, funder, source, stand):
    programme = Programme.objects.get(title=title)
    assert programme.status == status
    assert programme.period_label == period
    assert str(programme.department) == department
    assert programme.funder == funder
    assert source in programme.source
    assert programme.stand_label == f"Stand: {stand}"
    assert programme.is_published
    assert programme.summary


@pytest.mark.parametrize(
    ("district", "carrier", "stand"),
    [
        ("Bad Cannstatt", "Kulturinsel Stuttgart", "2019"),
        ("Feuerbach", "Evangelische Kirchengemeinde Feuerbach", "2023"),
        ("Mitte", "Evangelische Gesellschaft Stuttgart", "2022"),
        ("Möhringen", "Begegnungs- und Servicezentrum der AWO Stuttgart", "20.08.2025"),
        ("Obertürkheim", "Evangelische Kirchengemeinde Obertürkheim", "2020"),
    ],
)
def test_welcome_room_of_the_mission(district, carrier, stand):
    room = WelcomeRoom.objects.get(districts__short_name=district)
    assert str(room.organisation) == carrier
    assert [str(period.organisation) for period in room.carrier_periods.all()] == [carrier]
    assert room.period_label == "seit Frühjahr 2018"
    assert room.funder == str(room.department) == PLANNING
    assert room.funding_programme == "Pakt für Integration"
    assert VOLUNTEERS in room.source
    assert room.stand_label == f"Stand: {stand}"
    assert room.is_open


def test_there_are_five_welcome_rooms_and_their_concept():
    assert WelcomeRoom.objects.count() == 5
    concept = Page.objects.get(slug="willkommensraeume-konzept").body
    for word in ("Schnittstelle", "Türöffner", "Pakts für Integration", "Frühjahr 2018", PLANNING):
        assert word in concept


@pytest.mark.parametrize(
    ("slug", "newer"),
    [
        ("willkommensraum-feuerbach", "Freundeskreis Flüchtlinge Feuerbach"),
        ("willkommensraum-obertuerkheim", "Stuttgarter Jugendhaus"),
    ],
)
def test_newer_carrier_stands_in_the_internal_note_only(slug, newer):
    room = WelcomeRoom.objects.get(slug=slug)
    assert newer in room.internal_note
    assert newer not in room.summary + room.description + str(room.organisation)


def test_opening_hours_of_unknown_validity_are_no_opening_hours():
    assert not OpeningHours.objects.exists()
    assert "2022/23" in WelcomeRoom.objects.get(slug="willkommensraum-feuerbach").hours_note


def test_education_mentors_bundle_three_programmes():
    parts = Programme.objects.get(slug="bildungsmentoren").parts.order_by("title")
    assert [part.title for part in parts] == [
        "Individuelle Lernbegleitung",
        "LERNaktiv",
        "STARTklar",
    ]


@pytest.mark.parametrize(
    ("slug", "partners"),
    [
        ("migranteneltern-unterstuetzen-migranteneltern", {"Elternstiftung Baden-Württemberg"}),
        (
            "bildungskoordination",
            {"Jobcenter", "Abteilung Bildungspartnerschaft", "Jugendamt", "Sozialamt"},
        ),
        ("ausbildungscampus-stuttgart", {"Sozialamt"}),
    ],
)
def test_partners_of_the_mission(slug, partners):
    assert {str(p) for p in Programme.objects.get(slug=slug).partners.all()} == partners


def test_counselling_names_its_four_audiences():
    groups = entry("beratung").target_groups.values_list("name", flat=True)
    assert set(groups) == {"Engagierte", "Interessierte", "Organisationen", "Unternehmen"}


@pytest.mark.parametrize(
    ("label", "value", "stand"),
    [
        ("Flüchtlingsfreundeskreise", 39, "Stand: 12/2018"),
        ("Initiativen und Projekte", 35, "Stand: 06/2018"),
    ],
)
def test_key_figure_of_the_mission(label, value, stand):
    figure = KeyFigure.objects.get(label=label)
    assert (figure.value, figure.stand_label, figure.department) == (value, stand, SOCIAL)
    assert REFUGEES in figure.source


@pytest.mark.parametrize(
    ("slug", "trend"),
    [
        ("kleiderkammer", "shrinking"),
        ("orientierung", "shrinking"),
        ("behoerdenbegleitung", "shrinking"),
        ("wohnungssuche", "growing"),
        ("arbeit", "growing"),
        ("ausbildung", "growing"),
        ("bildung", "growing"),
        ("kinder", "growing"),
        ("frauengruppen", "growing"),
        ("maennergruppen", "growing"),
        ("sprache", ""),
    ],
)
def test_trend_of_a_field_with_its_source(slug, trend):
    field = Field.objects.get(slug=slug)
    assert field.trend == trend
    assert bool(field.trend_note) == bool(field.trend_source) == bool(trend)
    assert not trend or "Stand Juli 2019" in field.trend_source


def test_districts_and_their_neighbours():
    assert District.objects.count() == 23
    botnang = District.objects.get(slug="botnang")
    assert {str(district) for district in botnang.neighbours.all()} == {"West", "Feuerbach"}


def test_sozialamt_is_the_clearing_office():
    assert str(Organisation.objects.clearing_office()) == SOCIAL


# --- Status and confirmation --------------------------------------------------------------


def test_all_circles_and_initiatives_of_the_research_are_there():
    assert Organisation.objects.filter(type=Organisation.Type.CIRCLE).count() == 30
    assert Organisation.objects.filter(type=Organisation.Type.INITIATIVE).count() == 42


def test_ended_entries_are_shown_as_history_and_take_no_sign_ups():
    ended = Entry.objects.filter(status=Entry.Status.ENDED)
    assert ended.published().count() == 11
    assert not ended.filter(accepts_sign_ups=True).exists()
    assert not any(one.is_open for one in ended)


def test_what_was_not_verified_starts_as_a_draft():
    drafts = Entry.objects.filter(is_published=False)
    assert {draft.slug for draft in drafts} == {
        "almaviva",
        "ausbildungspatenschaften",
        "cafe-blabla",
        "formularhelden",
        "frauen-helfen-frauen",
        "freundeskreis-schemppstrasse-100",
        "housing-first-stuttgart",
        "kreis-fuer-die-unterkunft-liebfrauenheim",
        "migrantinnen-fuer-migrantinnen",
        "migration-und-teilhabe-mut",
        "siwayu",
    }
    assert all("Entwurf" in draft.internal_note for draft in drafts)


def test_only_what_current_evidence_holds_up_is_shown_as_confirmed():
    confirmed = {one.slug for one in Entry.objects.joinable() if one.is_confirmed}
    assert confirmed == {
        "freiwilligenagentur-stuttgart",
        "freiwilligenzentrum-caleidoskop",
        "freundeskreis-fuer-gefluechtete-sillenbuch",
        "ich-kanns-lernfoerderung-im-bildungstandem",
        "interkulturelle-elternmentorinnen-und-elternmentoren",
        "welcomentor",
        "willkommensraum-moehringen",
    }


def test_what_nobody_can_sign_up_for_takes_no_sign_ups():
    closed = Programme.objects.filter(status="active", accepts_sign_ups=False)
    assert {programme.slug for programme in closed} == {
        "anerkennung",
        "bildungsmentoren",
        "information-und-newsletter",
        "interkulturelle-elternmentorinnen-und-elternmentoren",
        "kooperationen-mit-unternehmen-und-stiftungen",
        "stuttgarter-qualitaetssiegel",
    }


@pytest.mark.parametrize(
    "slug", ["omid-fruehe-hilfen-fuer-traumatisierte-fluechtlinge", "tueroeffner"]
)
def test_initiative_without_known_volunteers_takes_no_sign_ups(slug):
    assert entry(slug).is_published
    assert not entry(slug).is_open
    assert "nicht belegt" in entry(slug).internal_note


@pytest.mark.parametrize("slug", ["impressum", "datenschutz", "barrierefreiheit"])
def test_legal_pages_say_what_the_city_has_to_fill_in(slug):
    assert "**Von der Stadt zu ergänzen:**" in Page.objects.get(slug=slug, is_published=True).body


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Behördengang", "WillkommensPaten"),
        ("Fahrrad werkstatt", "Freundeskreis Flüchtlinge Stuttgart-Süd"),
        ("Elternmentoren", "Migranteneltern unterstützen Migranteneltern"),
        ("Nähwerkstatt", "Willkommensraum Obertürkheim"),
    ],
)
def test_starting_data_is_found_by_german_search(query, title):
    found = [hit.key for hit in Search(query).hits]
    assert title in set(Entry.objects.filter(pk__in=found).values_list("title", flat=True))


# --- Steps of a preparation -----------------------------------------------------------------


def steps_of(slug):
    return {step.title: step for step in entry(slug).programme.steps.all()}


def test_programmes_come_with_the_steps_that_the_facts_support():
    paten = entry("willkommenspaten").programme
    kinds = [step.kind for step in paten.steps.all()]
    assert kinds == ["training", "interview", "commitment"]
    assert not paten.requires_conduct_check
    startklar = entry("startklar").programme
    assert [step.kind for step in startklar.steps.all()] == ["interview", "training", "commitment"]
    assert not startklar.requires_conduct_check
    for programme in (paten, startklar):
        assert "keine Quelle" in programme.internal_note
        assert "bestätigt die Rechtsabteilung" in programme.internal_note


@pytest.mark.slow
def test_newer_release_changes_steps_where_they_stand_and_counts_the_text(release):
    before = steps_of("willkommenspaten")
    steps = [
        {"position": 5, "kind": "interview", "title": "Erstgespräch"},
        {
            "position": 10,
            "kind": "commitment",
            "title": "Selbstverpflichtung und Verschwiegenheit",
            "text": "Neue Worte.",
        },
        {"position": 20, "kind": "other", "title": "Hospitation"},
    ]
    report = load(folder=release("programmes.json", "willkommenspaten", steps=steps))
    assert report.keys[Outcome.UPDATED] == ["programme:willkommenspaten"]
    after = steps_of("willkommenspaten")
    assert list(after) == [step["title"] for step in steps]
    for title in ("Erstgespräch", "Selbstverpflichtung und Verschwiegenheit"):
        assert after[title].pk == before[title].pk
    assert after["Selbstverpflichtung und Verschwiegenheit"].text_version == 2
    assert after["Erstgespräch"].text_version == 1


@pytest.mark.slow
def test_step_that_somebody_has_taken_survives_a_release_without_it(release):
    paten = entry("willkommenspaten").programme
    application = factories.make_application(paten.organisation, entry=paten)
    StepRecord.objects.create(
        application=application,
        step=paten.steps.get(kind="interview"),
        on=datetime.date(2026, 11, 1),
        how="talk",
    )
    load(folder=release("programmes.json", "willkommenspaten", steps=[]))
    assert list(steps_of("willkommenspaten")) == ["Erstgespräch"]


@pytest.mark.slow
def test_steps_changed_by_staff_stay_as_they_are(release):
    entry("willkommenspaten").programme.steps.filter(kind="interview").update(title="Kennenlernen")
    report = load(folder=release("programmes.json", "willkommenspaten", title="Neu"))
    assert report.keys[Outcome.EDITED] == ["programme:willkommenspaten"]
    assert "Kennenlernen" in steps_of("willkommenspaten")
