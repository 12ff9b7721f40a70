"""Import of people whom an organisation knows already.

People are visible through organisations, so the import makes an application for the organisation,
with status ready. The importing user must not learn whether the portal knew the address before
(``known.py``). So every step looks the same to them in all cases:

* unknown address: the record is made from the list;
* known, and visible only to organisations of the importing user: the record is updated from the list;
* known elsewhere, or with an account: the record stays as it is. The application is linked to it, the
  organisation still sees what its own list said, and the person finds the application on their own
  page.

The wish of the application is the organisation itself. There is one exception: the person applied
to *this* organisation before, and that application is unconfirmed or the department answers it. A
list cannot take it over. Then the row is refused (``AlreadySignedUp``), which tells the
organisation no more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.models import Organisation

from ..errors import DomainError
from ..models import Application, StatusChange, User, Volunteer
from ..models.statuses import CLOSED, Status
from .columns import OF_PEOPLE, linked, stored

PROFILE = [name for name in stored(OF_PEOPLE) if name != "email"]
LINKS = [question.name for question in linked(OF_PEOPLE)]
IMPORTED = "Import"
"""Note in the history of imported applications. It is stored, so it is not translated."""


class AlreadySignedUp(DomainError):
    message = gettext_lazy(
        "Für diese Adresse gibt es bei Ihrer Organisation schon eine Anmeldung, die noch nicht "
        "bestätigt ist oder die zuständige Stelle beantwortet."
    )


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """What a list says about a person. None for a relation leaves it unchanged."""

    profile: Application
    links: Mapping[str, Sequence[Any] | None]

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

    def __init__(self, *, by: User, emails: Iterable[str]) -> None:
        self.by = by
        addresses = list(emails)
        seen = Application.objects.visible_to(by).filter(email__in=addresses)
        seen = seen.exclude(status__in=CLOSED).order_by("submitted_at", "pk")
        self._known = {
            (application.organisation_id, application.email): application
            for application in seen.prefetch_related(*LINKS, "organisation")
        }
        people = Volunteer.objects.filter(email__in=addresses)
        self._records = {person.email: person for person in people}
        self._kept = self._kept_records()

    def _kept_records(self) -> set[int]:
        """The records that no other organisation and no account depends on; they are updated from the list."""
        people = self._records.values()
        if self.by.is_superuser:
            return {person.pk for person in people}
        seen = Application.objects.visible_to(self.by).values("pk")
        foreign = Application.objects.filter(volunteer__in=[p.pk for p in people])
        elsewhere = set(foreign.exclude(pk__in=seen).values_list("volunteer_id", flat=True))
        return {p.pk for p in people if p.pk not in elsewhere and p.user_id is None}

    def known(self, email: str, organisation: Organisation) -> Application | None:
        """The open application through which ``organisation`` sees the person."""
        return self._known.get((organisation.pk, email))

    def take_in(self, row: PersonRow, organisation: Organisation) -> Application:
        """Create or update the person's application at ``organisation``.

        ``organisation`` has to be one that ``by`` works for; the caller checks that. Sends no mail.
        Raises :class:`AlreadySignedUp`.
        """
        known = self.known(row.profile.email, organisation)
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
        record = self._records.get(application.email)
        is_new = record is None
        if record is None:
            record = self._new_record(application.email, values)
        application.volunteer = record
        if record.pk not in self._kept:
            return
        for name, value in values.items():
            setattr(record, name, value)
        if not is_new:
            record.save(update_fields=[*PROFILE, "updated_at"])
        row.write(record, is_new=is_new)

    def _new_record(self, email: str, values: dict[str, Any]) -> Volunteer:
        """Create the record. If somebody signs up with this address at the same moment, use their record."""
        try:
            with transaction.atomic():
                record = Volunteer.objects.create(email=email, **values)
            self._kept.add(record.pk)
        except IntegrityError:
            record = Volunteer.objects.get(email=email)
        self._records[email] = record
        return record
