"""People whom an organisation knows already and brings into the portal with a list.

A person is seen through an organisation, so taking one in makes an application for that
organisation, ready to start. What happens to the person's own record must not tell whether the
portal knew the address before (``known.py``), so every step is the same in both cases as far as the
importing person can see:

* unknown address: the record is made from the list;
* known, and seen only by the importing person's organisations: the record follows the list;
* known elsewhere, or with an account of its own: the record stays as it is. The application is
  linked to it, the organisation goes on seeing what its own list said, and the person finds the
  application on their own page.

The application's wish is the organisation itself. Only where the person turned to *this* organisation
before, and the department answers that or it is unconfirmed, a list cannot take over: then the row is
refused (``AlreadySignedUp``), which tells the organisation no more than that.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.models import District, Field, Organisation

from .errors import DomainError
from .models import Application, StatusChange, User, Volunteer
from .models.applications import CLOSED, Status
from .services import PROFILE_FIELDS

IMPORTED = "Import"
"""Note in the history of whoever came in with a list; stored, so not translated."""


class AlreadySignedUp(DomainError):
    message = gettext_lazy(
        "Für diese Adresse gibt es bei Ihrer Organisation schon eine Anmeldung, die noch nicht "
        "bestätigt ist oder die zuständige Stelle beantwortet."
    )


def known_application(*, email: str, organisation: Organisation, by: User) -> Application | None:
    """The open application that ``by`` sees this person through at ``organisation``."""
    seen = Application.objects.visible_to(by).filter(organisation=organisation, email=email)
    return seen.exclude(status__in=CLOSED).order_by("-submitted_at", "-pk").first()


def take_in(
    *,
    told: Application,
    organisation: Organisation,
    by: User,
    districts: Iterable[District] | None = None,
    fields: Iterable[Field] | None = None,
) -> Application:
    """Make or refresh the person's application at ``organisation`` from ``told``.

    ``told`` holds name, address and profile and need not be stored; None for a list leaves it as it
    is. The organisation has to be one that ``by`` works for; the caller checks. No mail is sent.
    Raises :class:`AlreadySignedUp`.
    """
    with transaction.atomic():
        known = known_application(email=told.email, organisation=organisation, by=by)
        application = known or Application(email=told.email, organisation=organisation)
        for name in PROFILE_FIELDS:
            setattr(application, name, getattr(told, name))
        if known is None:
            _start(application, organisation, by)
        else:  # the status may be moving at the same time
            application.save(update_fields=PROFILE_FIELDS)
        if districts is not None:
            application.districts.set(districts)
        if fields is not None:
            application.fields.set(fields)
        _keep_record(application, by)
    return application


def _start(application: Application, organisation: Organisation, by: User) -> None:
    application.entry_id = organisation.pk
    application.status = Status.READY
    application.confirmed_at = timezone.now()
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise AlreadySignedUp from error
    StatusChange.objects.create(
        application=application,
        status=Status.READY,
        actor=StatusChange.Actor.STAFF,
        by=by,
        note=IMPORTED,
    )


def _keep_record(application: Application, by: User) -> None:
    """Link the person's record; write it only where nobody else relies on it."""
    values = {name: getattr(application, name) for name in PROFILE_FIELDS}
    volunteer, is_new = Volunteer.objects.get_or_create(email=application.email, defaults=values)
    if application.volunteer_id != volunteer.pk:
        application.volunteer = volunteer
        application.save(update_fields=["volunteer"])
    if not is_new and not _is_kept_by(volunteer, by):
        return
    for name, value in values.items():
        setattr(volunteer, name, value)
    volunteer.save(update_fields=[*PROFILE_FIELDS, "updated_at"])
    volunteer.districts.set(application.districts.all())
    volunteer.fields.set(application.fields.all())


def _is_kept_by(volunteer: Volunteer, by: User) -> bool:
    if by.is_superuser:
        return True
    seen = Application.objects.visible_to(by).values("pk")
    foreign = Application.objects.filter(volunteer=volunteer).exclude(pk__in=seen)
    return volunteer.user_id is None and not foreign.exists()
