"""Who answers."""

from programs.models import Entry, Organisation


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
