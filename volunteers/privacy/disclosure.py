"""Everything that the portal keeps about one person (Art. 15 GDPR), by the register of personal fields.

It contains nothing about others: staff of an organisation appear with their function, and of the
other side of a tandem only what the person was told. For data that cannot be found by person, or
may not be given out, it says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import CheckIn, FirstMeeting, Tandem, User, Volunteer
from ..models.companions import Side, TandemStatus
from ..reads.persons import Person, accounts_seen_by
from ..reads.tandems import contact_for
from ..reads.value_texts import text_of
from . import sentences
from .owning import owned
from .processing import Processing
from .register import PROCESSINGS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

APPS_WITH_PEOPLE = {"account", "volunteers"}
"""Records of these apps are shown with their number, because their titles contain names of people."""
HANDLING = "handling"
"""The activity about who handled a record; for these rows only the number is shown."""
NOT_FOUND: "Mapping[str, str | _StrPromise]" = {
    "programs.ExportPart": lazy(sentences.lists_unread, str)(),
    **dict.fromkeys(
        ("programs.Picture", "programs.PictureFile", "programs.Voice", "programs.Story"),
        gettext_lazy(
            "Bilder, Stimmen und Geschichten stehen öffentlich, ohne E-Mail-Adresse. Wenn Sie darin vorkommen "
            "und das nicht mehr möchten, genügt ein Wort an die Organisation oder an uns."
        ),
    ),
    "programs.Organisation": gettext_lazy(
        "Ist Ihre Adresse die Adresse für Rückfragen einer Organisation? Das sagt Ihnen die Organisation."
    ),
    "sessions.Session": lazy(sentences.sessions_unread, str)(),
    "volunteers.RateCount": gettext_lazy(
        "Gezählte Versuche stehen nur als Prüfwert da; niemand kann daraus lesen, von wem sie sind."
    ),
    "volunteers.Reminder": gettext_lazy(
        "Dass eine Erinnerung verschickt ist, steht nur mit der Nummer des Vorgangs da."
    ),
    "volunteers.MailStop": gettext_lazy(
        "Welche Mails Sie abbestellt haben, steht nur als Prüfwert da; Sie sehen es hinter dem Link "
        "in so einer Mail."
    ),
    "volunteers.KeptApart": gettext_lazy(
        "Dass jemand nach einem Tandem geschützt wird, wird nicht ausgegeben, weil es Menschen gefährden kann "
        "(Art. 15 Abs. 4 DSGVO)."
    ),
    "volunteers.ShortLink": gettext_lazy(
        "Wohin ein kurzer Link führt, kann nur lesen, wer die Mail mit dem Link hat."
    ),
}
"""Models of the register whose rows cannot be found by person → the reason."""
LABELS: "Mapping[str, str | _StrPromise]" = {
    "id": gettext_lazy("Datensatz"),
    "pgh_id": gettext_lazy("Nummer"),
    "pgh_created_at": gettext_lazy("Zeit"),
    "pgh_label": gettext_lazy("Was geschah"),
    "pgh_obj": gettext_lazy("Datensatz"),
    "pgh_context": gettext_lazy("Zusammenhang"),
    "pgh_context_id": gettext_lazy("Zusammenhang"),
    "application": gettext_lazy("Anmeldung"),
    "registration": gettext_lazy("Teilnahme"),
    "tandem": gettext_lazy("Tandem"),
    "companion_request": gettext_lazy("Suche nach Begleitung"),
    "revision": gettext_lazy("Fassung"),
    "told_sequence": gettext_lazy("Zuletzt mitgeteilte Fassung"),
    "told_facts": gettext_lazy("Prüfwert der zuletzt mitgeteilten Angaben zum Termin"),
    "volunteer_answered_at": gettext_lazy("Antwort von Engagierten"),
    "newcomer_answered_at": gettext_lazy("Antwort von Suchenden"),
    "withdrawn_by": gettext_lazy("Zurückgezogen von"),
    "user": gettext_lazy("Konto"),
    "type": gettext_lazy("Art"),
    "data": gettext_lazy("Geheimer Schlüssel"),
    "created_at": gettext_lazy("Angelegt"),
    "last_used_at": gettext_lazy("Zuletzt genutzt"),
}
"""Labels for columns that have none, or an English one from a library."""
SECRET = gettext_lazy("wird nicht ausgegeben, damit es niemand missbrauchen kann")
OF_OTHERS = gettext_lazy("wird nicht ausgegeben, weil darin andere Menschen genannt sein können")
IN_FOLDER = gettext_lazy(
    "liegt als Bild im Ordner „belege“ der Datei, die Sie herunterladen können"
)
WITHHELD: "Mapping[tuple[str, str], str | _StrPromise]" = {
    ("volunteers.User", "password"): SECRET,
    ("mfa.Authenticator", "data"): SECRET,
    ("account.EmailConfirmation", "key"): SECRET,
    ("admin.LogEntry", "object_repr"): OF_OTHERS,
    ("admin.LogEntry", "change_message"): OF_OTHERS,
    ("programs.ExportFile", "filter"): OF_OTHERS,
    ("programs.ExportFile", "ids"): OF_OTHERS,
    ("programs.ExportFile", "purpose"): OF_OTHERS,
    ("programs.ExportFile", "query"): OF_OTHERS,
    ("programs.SavedList", "name"): OF_OTHERS,
    ("programs.SavedList", "search"): OF_OTHERS,
    ("programs.SavedList", "filters"): OF_OTHERS,
    ("programs.SavedList", "words"): OF_OTHERS,
    ("volunteers.Concern", "kept_from"): OF_OTHERS,
    ("volunteers.ConcernNote", "text"): OF_OTHERS,
    ("volunteers.Receipt", "data"): IN_FOLDER,
    ("volunteers.ExportRecord", "filter"): OF_OTHERS,
    ("volunteers.ExportRecord", "purpose"): OF_OTHERS,
}
WITHHELD_FROM_STAFF = {
    ("volunteers.OutgoingMail", "subject"),
    ("volunteers.OutgoingMail", "content"),
}
"""Mails to members of an organisation are about other people, so they do not see them here."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One field: ``value`` as JSON data, ``text`` for people (empty when there is no value)."""

    name: str
    label: str
    value: Any
    text: str
    is_withheld: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordTable:
    """All rows about the person from one model in one activity."""

    model: str
    title: str
    rows: list[list[Cell]]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One activity of the register, with the person's rows."""

    about: Processing
    tables: list[RecordTable] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Why some of the data cannot be shown; each reason once, however many models it is about."""

    @property
    def count(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def disclose(person: Person) -> Iterator[Activity]:
    """The activities in the order of the register; only one is in memory at a time."""
    is_staff = any(user.is_staff for user in accounts_seen_by(person))
    own = frozenset(Volunteer.objects.filter(person.named()).values_list("pk", flat=True))
    for processing in PROCESSINGS:
        reasons = (str(NOT_FOUND[name]) for name in processing.fields if name in NOT_FOUND)
        tables = [
            _table(processing, name, person, own, is_staff=is_staff)
            for name in processing.fields
            if name not in NOT_FOUND
        ]
        kept = [table for table in tables if table.rows]
        yield Activity(about=processing, tables=kept, missing=list(dict.fromkeys(reasons)))


def rows_of(processing: Processing, name: str, person: Person) -> "QuerySet[Any]":
    """The person's rows of one model, by the lookups of the register.

    Raises ``LookupError`` for a model without lookups that has no reason in :data:`NOT_FOUND`.
    """
    lookups = processing.owned_by.get(name, ())
    if not lookups:
        raise LookupError(f"{name} in „{processing.key}“ leads to no person")
    wanted = Q()
    for lookup in lookups:
        wanted |= owned(name, lookup, person)
    everything: QuerySet[Any] = apps.get_model(name)._default_manager.order_by("pk")
    return everything.filter(pk__in=everything.order_by().filter(wanted).values("pk"))


def _table(
    processing: Processing, name: str, person: Person, own: frozenset[int], *, is_staff: bool
) -> RecordTable:
    """``own`` are the numbers of the person's volunteers, which tell the side of a tandem."""
    rows = rows_of(processing, name, person)
    title = _title_of(rows.model)
    if processing.key == HANDLING:
        count = rows.count()
        cells = [_number(count)] if count else []
        return RecordTable(model=name, title=title, rows=[cells] if cells else [])
    names = processing.fields[name]
    found = [_cells(row, name, names, own, is_staff=is_staff) for row in rows.iterator(100)]
    return RecordTable(model=name, title=title, rows=[cells for cells in found if cells])


def _title_of(model: type[models.Model]) -> str:
    """The model's label; for a history model, the label of the model that it tracks."""
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is not None:
        return _("%(what)s: Änderungen") % {"what": tracked._meta.verbose_name_plural}
    return str(model._meta.verbose_name_plural)


def _number(count: int) -> Cell:
    return Cell(name="count", label=_("Anzahl"), value=count, text=str(count))


def _cells(
    row: Any, model: str, names: Sequence[str], own: frozenset[int], *, is_staff: bool
) -> list[Cell]:
    """The fields of one row; empty when the row is about the other side of a tandem."""
    if isinstance(row, CheckIn | FirstMeeting) and row.side != _side_of(row.tandem, own):
        return []
    side = _side_of(row, own) if isinstance(row, Tandem) else None
    cells = []
    if row._meta.pk.name not in names:
        cells.append(Cell(name="id", label=_("Nummer"), value=row.pk, text=str(row.pk)))
    for name in names:
        reason = WITHHELD.get((model, name))
        if is_staff and (model, name) in WITHHELD_FROM_STAFF:
            reason = OF_OTHERS
        if side is not None:
            cells.append(_of_tandem(row, name, side))
        elif reason is not None:
            cells.append(_withheld(row, name, str(reason)))
        else:
            cells.append(_cell(row, name))
    return cells


def _cell(row: Any, name: str) -> Cell:
    about = row._meta.get_field(name)
    value = _value(row, about)
    is_oneself = about.is_relation and about.related_model in {User, Volunteer}
    text = "" if is_oneself else text_of(row, about, value)
    return Cell(name=name, label=label_of(about), value=value, text=text)


def label_of(about: Any) -> str:
    """The label of the field ``about``."""
    label = str(LABELS.get(about.name) or about.verbose_name)
    return label[:1].upper() + label[1:]


def _withheld(row: Any, name: str, reason: str) -> Cell:
    label = label_of(row._meta.get_field(name))
    return Cell(name=name, label=label, value=None, text=reason, is_withheld=True)


def _value(row: Any, about: Any) -> Any:
    """The value for JSON: dates and numbers by Django's encoder, related records by title."""
    if about.many_to_many:
        return [str(one) for one in getattr(row, about.name).all()]
    if about.is_relation:
        return _reference(getattr(row, about.name))
    value = getattr(row, about.name)
    if isinstance(about, models.BinaryField):
        return mail_text(bytes(value))
    if isinstance(about, ArrayField):
        return list(value or [])
    return value


def _reference(other: Any) -> Any:
    """The number of a record that may contain a person, the title of any other record."""
    if other is None:
        return None
    return other.pk if other._meta.app_label in APPS_WITH_PEOPLE else str(other)


def _side_of(tandem: Tandem, own: frozenset[int]) -> Side:
    return Side.VOLUNTEER if tandem.volunteer_id in own else Side.NEWCOMER


def _of_tandem(tandem: Tandem, name: str, side: Side) -> Cell:
    """Of one's own side everything; of the other side only what both were told at the start."""
    other = Side.NEWCOMER if side == Side.VOLUNTEER else Side.VOLUNTEER
    theirs = {Side.VOLUNTEER: {"application", "volunteer"}, Side.NEWCOMER: {"request"}}[other]
    if name in theirs:
        shown = _shown(tandem, side) if name != "volunteer" else ""
        label = label_of(tandem._meta.get_field(name))
        return Cell(name=name, label=label, value=shown or None, text=shown)
    if name == "hold" and tandem.is_held:
        return _withheld(
            tandem, name, _("Wer es angehalten hat, sagen wir zum Schutz beider nicht.")
        )
    is_reason = name == "end_reason" and tandem.ended_by == other.value
    if name.startswith(f"{other.value}_") or is_reason:
        return _withheld(tandem, name, _("hat nur mit der anderen Person im Tandem zu tun"))
    return _cell(tandem, name)


def _shown(tandem: Tandem, side: Side) -> str:
    if tandem.status not in {TandemStatus.RUNNING, TandemStatus.ENDED}:
        return ""
    return contact_for(tandem, side).name


def mail_text(content: bytes) -> str:
    """The text of a stored mail."""
    message = message_from_bytes(content, policy=policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    texts = [part.get_payload(decode=True) for part in parts]
    return "\n".join(text.decode(errors="replace") for text in texts if isinstance(text, bytes))
