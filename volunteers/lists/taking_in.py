"""Import of people whom an organisation knows already.

People are visible through organisations, so the import makes an application for the organisation,
with status ready. The importing user must not learn whether the portal knew the address before
(``known.py``). So every step looks the same to them in all cases:

* unknown person (a name at an address): the record is made from the list;
* known, and visible only to organisations of the importing user: the record is updated from the list;
* known elsewhere, or with an account: the record stays as it is. The application is linked to it, the
  organisation still sees what its own list said, and the person finds the application on their own
  page.

Somebody without an address is known by name and phone number, and only to the organisation itself:
two organisations make two records of them.

The wish of the application is the organisation itself. There is one exception: the person applied
to *this* organisation before, and that application is unconfirmed or the department answers it. A
list cannot take it over. Then the row is refused (``AlreadySignedUp``), which tells the
organisation no more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.models import Organisation

from ..errors import DomainError
from ..models import Application, StatusChange, User, Volunteer
from ..models.identity import keys_of
from ..models.statuses import CLOSED, Status
from ..services.people import find_or_make_volunteer
from .columns import OF_PEOPLE, linked, stored

PROFILE = [name for name in stored(OF_PEOPLE) if name != "email"]
LINKS = [question.name for question in linked(OF_PEOPLE)]
IMPORTED = "Import"
"""Note in the history of imported applications. It is stored, so it is not translated."""


class AlreadySignedUp(DomainError):
    message = gettext_lazy(
        "Für diese Person (Name und Adresse) gibt es bei Ihrer Organisation schon eine Anmeldung, die "
        "noch nicht bestätigt ist oder die zuständige Stelle beantwortet."
    )


class Who(NamedTuple):
    """A person as a list names them; the phone number counts only where there is no address."""

    email: str
    name: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """What a list says about a person. None for a relation leaves it unchanged."""

    profile: Application
    links: Mapping[str, Sequence[Any] | None]

    @property
    def who(self) -> Who:
        return Who(self.profile.email, self.profile.name, self.profile.phone)

    def write(self, record: Application | Volunteer, *, is_new: bool) -> None:
        """Set the relations of ``record``, which has to be saved already."""
        for name, records in self.links.items():
            _link(getattr(record, name), records, is_new=is_new)


def _link(manager: Any, records: Sequence[Any] | None, *, is_new: bool) -> None:
    if is_new and records:
        manager.add(*records)
    elif not is_new and records is not None:
        manager.set(records)


class Intake:
    """One import by ``by``; it loads the existing records once, not row by row."""

    def __init__(self, *, by: User, people: Iterable[Who]) -> None:
        self.by = by
        listed = list(people)
        addresses = {one.email for one in listed}
        seen = Application.objects.visible_to(by).filter(email__in=addresses)
        seen = seen.exclude(status__in=CLOSED).order_by("submitted_at", "pk")
        applications = list(seen.prefetch_related(*LINKS, "organisation", "volunteer"))
        records = list(Volunteer.objects.filter(email__in=addresses - {""}))
        everybody: list[Who | Application | Volunteer] = [*listed, *applications, *records]
        self._keys = keys_of(one.name for one in everybody)
        self._known = {(one.organisation_id, *self.told(one)): one for one in applications}
        self._records = {self.told(one)[:2]: one for one in records}
        self._kept = self._kept_records()

    def told(self, who: Who | Application | Volunteer) -> tuple[str, str, str]:
        """What tells this person from all others of the list."""
        number = "" if who.email else "".join(filter(str.isdigit, who.phone))
        return who.email, self._keys[who.name], number

    def _kept_records(self) -> set[int]:
        """The records that no other organisation and no account depends on; they are updated from the list."""
        people = [*self._records.values()]
        people += [one.volunteer for one in self._known.values() if one.volunteer and not one.email]
        if self.by.is_superuser:
            return {person.pk for person in people}
        seen = Application.objects.visible_to(self.by).values("pk")
        foreign = Application.objects.filter(volunteer__in=[p.pk for p in people])
        elsewhere = set(foreign.exclude(pk__in=seen).values_list("volunteer_id", flat=True))
        return {p.pk for p in people if p.pk not in elsewhere and p.user_id is None}

    def known(self, who: Who, organisation: Organisation) -> Application | None:
        """The open application through which ``organisation`` sees the person."""
        return self._known.get((organisation.pk, *self.told(who)))

    def take_in(self, row: PersonRow, organisation: Organisation) -> Application:
        """Create or update the person's application at ``organisation``.

        ``organisation`` has to be one that ``by`` works for; the caller checks that. Sends no mail.
        Raises :class:`AlreadySignedUp`.
        """
        known = self.known(row.who, organisation)
        application = known or Application(email=row.profile.email, organisation=organisation)
        for name in PROFILE:
            setattr(application, name, getattr(row.profile, name))
        try:
            with transaction.atomic():
                self._keep_record(application, row)
                self._store(application, is_new=known is None)
                row.write(application, is_new=known is None)
        except IntegrityError as error:
            raise AlreadySignedUp from error
        return application

    def _store(self, application: Application, *, is_new: bool) -> None:
        """Create it; of an existing one write the profile only, because its status may change concurrently."""
        if not is_new:
            application.save(update_fields=[*PROFILE, "volunteer"])
            return
        application.entry_id = application.organisation_id
        application.status = Status.READY
        application.confirmed_at = timezone.now()
        application.save(force_insert=True)
        StatusChange.objects.create(
            application=application,
            status=Status.READY,
            actor=StatusChange.Actor.STAFF,
            by=self.by,
            note=IMPORTED,
        )

    def _keep_record(self, application: Application, row: PersonRow) -> None:
        """Link the person's record; update it only where nobody else depends on it."""
        values = {name: getattr(application, name) for name in PROFILE}
        email, key, _ = self.told(row.who)
        record = self._records.get((email, key)) if email else application.volunteer
        is_new = record is None
        if record is None:
            record = self._new_record(email, key, values)
        application.volunteer = record
        if record.pk not in self._kept:
            return
        for name, value in values.items():
            setattr(record, name, value)
        if not is_new:
            record.save(update_fields=[*PROFILE, "updated_at"])
        row.write(record, is_new=is_new)

    def _new_record(self, email: str, key: str, values: dict[str, Any]) -> Volunteer:
        """Create the record. If the person signs up at the same moment, use that record."""
        record, is_new = find_or_make_volunteer(email=email, **values)
        if is_new:
            self._kept.add(record.pk)
        self._records[email, key] = record
        return record
