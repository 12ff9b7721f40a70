"""The kinds of records, in the order in which they are loaded, and the columns of each."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from portal.models import KeyFigure, Page, SynonymGroup
from programs.models import (
    District,
    Field,
    OpportunityTemplate,
    Organisation,
    Programme,
    ProgrammeStep,
    ProtectionConcept,
    TargetGroup,
)
from volunteers.models import TandemRule
from welcome_rooms.models import CarrierPeriod, OpeningHours, RoomOffer, WelcomeRoom


@dataclass(frozen=True)
class Rows:
    """Rows that belong to one record only, such as the opening hours of a room.

    With a ``key``, a load finds the existing row and updates it, because other rows refer to it.
    Without a ``key``, the rows are deleted and created again.
    """

    accessor: str
    model: type[Model]
    columns: tuple[str, ...]
    links: tuple[str, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    ``key`` names the columns that identify the row. ``links`` are foreign keys, ``lists`` are
    many-to-many relations. Both are written in the files as the slug of the other record (districts:
    the number). The loader does not touch other columns.
    """

    name: str
    model: type[Any]
    files: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("slug",)
    links: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    rows: tuple[Rows, ...] = field(default=())


PROVENANCE = ("source", "as_of", "as_of_precision", "confirmed_on", "evidence_confirmed")
TERM = ("slug", "name", "description", "position")
ENTRY = (
    "slug",
    "title",
    "summary",
    "description",
    "status",
    "is_published",
    "accepts_sign_ups",
    "starts_on",
    "ends_on",
    "period_note",
    "languages",
    "without_german",
    "newcomers_welcome",
    "for_groups",
    "weekdays",
    "dayparts",
    "time_note",
    "located_at",
    "requirements",
    "contact_role",
    "phone",
    "phone_hours",
    "website",
    "places",
    "internal_note",
    *PROVENANCE,
)
ENTRY_LISTS = ("districts", "fields", "target_groups")

KINDS = (
    Kind(
        name="district",
        model=District,
        files=("districts.json",),
        key=("number",),
        columns=(
            "number",
            "name",
            "short_name",
            "slug",
            "zone",
            "latitude",
            "longitude",
            "area_km2",
        ),
        lists=("neighbours",),
    ),
    Kind(
        name="field",
        model=Field,
        files=("fields.json",),
        columns=(*TERM, "in_plain_words", "trend", "trend_note", "trend_source"),
    ),
    Kind(name="target_group", model=TargetGroup, files=("target_groups.json",), columns=TERM),
    Kind(
        name="organisation",
        model=Organisation,
        files=("organisations.json", "freundeskreise.json", "initiatives.json"),
        columns=(
            *ENTRY,
            "type",
            "carried_by",
            "founded",
            "area",
            "answer_days",
            "is_clearing_office",
        ),
        links=("department",),
        lists=ENTRY_LISTS,
    ),
    Kind(
        name="programme",
        model=Programme,
        files=("programmes.json",),
        columns=(*ENTRY, "type", "funder", "requires_conduct_check", "makes_tandems"),
        links=("organisation", "department", "part_of"),
        lists=(*ENTRY_LISTS, "partners"),
        rows=(
            Rows(
                "steps",
                ProgrammeStep,
                ("position", "kind", "title", "note", "text"),
                key=("kind", "title"),
            ),
            Rows(
                "protection",
                ProtectionConcept,
                (
                    *("meeting_places", "meeting_times", "first_meeting_with"),
                    *("contact_role", "phone", "phone_hours"),
                    *("note_for_family", "note_for_volunteers"),
                ),
            ),
        ),
    ),
    Kind(
        name="room",
        model=WelcomeRoom,
        files=("welcome_rooms.json",),
        columns=(
            *ENTRY,
            "place",
            "street",
            "latitude",
            "longitude",
            "funder",
            "funding_programme",
            "access_note",
            "hours_note",
        ),
        links=("organisation", "department"),
        lists=ENTRY_LISTS,
        rows=(
            Rows("opening_hours", OpeningHours, ("weekday", "opens", "closes")),
            Rows("offers", RoomOffer, ("title", "note", "position"), key=("title",)),
            Rows("carrier_periods", CarrierPeriod, ("since", "until", "note"), ("organisation",)),
        ),
    ),
    Kind(
        name="opportunity_template",
        model=OpportunityTemplate,
        files=("opportunity_templates.json",),
        columns=(
            *("slug", "name", "title", "summary", "description", "requirements", "time_note"),
            *("weekdays", "dayparts", "position"),
        ),
        lists=("fields", "target_groups"),
    ),
    Kind(
        name="key_figure",
        model=KeyFigure,
        files=("key_figures.json",),
        key=("series", "as_of"),
        columns=("series", "label", "value", "department", "note", "position", *PROVENANCE),
    ),
    Kind(
        name="synonyms",
        model=SynonymGroup,
        files=("synonyms.json",),
        key=("name",),
        columns=("name", "words"),
    ),
    Kind(
        name="tandem_rule",
        model=TandemRule,
        files=("tandem_rules.json",),
        key=("event", "whom"),
        columns=("event", "whom", "days"),
    ),
    Kind(
        name="page",
        model=Page,
        files=("pages",),
        columns=("slug", "title", "body", "is_published"),
    ),
)
