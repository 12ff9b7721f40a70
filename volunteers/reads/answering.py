"""Who answers, and who looks after what no organisation has."""

from django.utils.translation import gettext as _

from programs.models import Entry, Organisation

from ..models import CompanionRequest, Tandem


def answering_organisation(entry: Entry | None) -> Organisation:
    """Who answers sign-ups for ``entry``: its organisation, else the department in charge.

    An organisation without anybody in the portal cannot answer; then the department does, and
    when nobody is there either, the clearing office. Without an entry it is the clearing office.
    """
    if entry is None:
        return Organisation.objects.clearing_office()
    candidates = [entry.owner.pk, entry.department_id, entry.owner.department_id]
    present = Organisation.objects.with_staff().in_bulk([pk for pk in candidates if pk])
    answering = (present[pk] for pk in candidates if pk in present)
    return next(answering, None) or Organisation.objects.clearing_office()


def looked_after(record: CompanionRequest | Tandem) -> str:
    """Who looks after the search or the tandem, as people read it; without an organisation the Sozialamt."""
    return record.organisation.title if record.organisation else _("Sozialamt")
