"""Which organisation answers, and who looks after records without an organisation."""

from django.utils.translation import gettext as _

from programs.models import Entry, Organisation

from ..models import CompanionRequest, Tandem


def answering_organisation(entry: Entry | None) -> Organisation:
    """The organisation that answers sign-ups for ``entry``: its own, else the department in charge.

    An organisation without a member in the portal cannot answer; then the department does. If the
    department has no member either, or there is no entry, it is the clearing office.
    """
    if entry is None:
        return Organisation.objects.clearing_office()
    candidates = [entry.owner.pk, entry.department_id, entry.owner.department_id]
    present = Organisation.objects.with_staff().in_bulk([pk for pk in candidates if pk])
    answering = (present[pk] for pk in candidates if pk in present)
    return next(answering, None) or Organisation.objects.clearing_office()


def looked_after(record: CompanionRequest | Tandem) -> str:
    """The name of whoever looks after the request or tandem; without an organisation the Sozialamt."""
    return record.organisation.title if record.organisation else _("Sozialamt")
