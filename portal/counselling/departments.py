"""Which department gives counselling."""

from django.db.models import QuerySet

from programs.models import Entry, Organisation


def department_for(entry: Entry | None) -> Organisation:
    """The department in charge of what it is about, if somebody of it is in the portal; else the clearing office.

    Not the organisation of the entry itself, unless that is a department: counselling is the city's.
    Raises ``Organisation.DoesNotExist`` while there is no clearing office.
    """
    if entry is not None:
        chain = [entry.department_id, entry.owner.department_id, entry.owner.pk]
        present = offices().in_bulk([pk for pk in chain if pk])
        for pk in chain:
            if pk in present:
                return present[pk]
    return Organisation.objects.clearing_office()


def offices() -> QuerySet[Organisation]:
    """Departments with somebody who answers."""
    return Organisation.objects.with_staff().filter(type=Organisation.Type.OFFICE)
