"""How to reach somebody about an entry or an event: who answers, the telephone, the form."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from programs.models import Entry, Event, Organisation
from programs.phones import dialled

from ..models.applications import answering_role, with_organisation
from .answering import answering_organisation, clearing_office


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What pages and mails say; ``phone`` is empty where nobody has a number."""

    answers: Organisation
    """The organisation that gets the question, and answers within its period."""
    role: str
    """„Koordination WillkommensPaten (Sozialamt)“: a function, never a name."""
    phone: str
    phone_hours: str
    phone_role: str
    """The function that answers the telephone; of whom, says ``phone_of``."""
    phone_of: Organisation
    ask_url: str
    card_url: str

    @property
    def dial(self) -> str:
        return dialled(self.phone)

    @property
    def rings_elsewhere(self) -> bool:
        """Whether somebody else answers the telephone than the form."""
        return self.phone_role != self.role


def who_is_asked(entry: Entry) -> Organisation:
    """The organisation that answers questions: the one that answers sign-ups, else the owner itself."""
    try:
        return answering_organisation(entry)
    except Organisation.DoesNotExist:  # no clearing office is chosen, and nobody is there
        return entry.owner


def reach(entry: Entry, *, answers: Organisation | None = None) -> Reach:
    """For one entry; ``answers`` saves a query where the page knows it already."""
    answers = answers or who_is_asked(entry)
    return _reach(entry, answers, reverse("volunteers:ask", args=[entry.slug]))


def reach_for_everything() -> Reach | None:
    """For what belongs to no entry, such as the imprint: the clearing office, if its page is public."""
    office = Organisation.objects.clearing().filter(is_published=True).first()
    return reach(office, answers=office) if office else None


def reach_for_event(event: Event) -> Reach:
    """For an event it is whoever invites, through the entry to which the event belongs if that is theirs."""
    answers = who_is_asked(event.organisation)
    part_of = event.part_of
    inviting: Entry = event.organisation
    if part_of is not None and part_of.is_published and part_of.owner.pk == inviting.pk:
        inviting = part_of
    return _reach(inviting, answers, reverse("volunteers:ask_about_event", args=[event.slug]))


def _reach(entry: Entry, answers: Organisation, ask_url: str) -> Reach:
    role = role_of(entry, answers)
    rung = next((one for one in _whom_to_ring(entry, answers) if one.phone), None)
    return Reach(
        answers=answers,
        role=role,
        phone=rung.phone if rung else "",
        phone_hours=rung.said("phone_hours") if rung else "",
        phone_role=role_of(rung, rung.owner) if rung else role,
        phone_of=rung.owner if rung else answers,
        ask_url=ask_url,
        card_url=reverse("portal:vcard", args=[entry.slug]),
    )


def role_of(entry: Entry, answers: Organisation) -> str:
    """The function that answers for ``entry``; an organisation without one answers as a whole."""
    is_organisation = entry.kind in Entry.ORGANISATION_KINDS
    if is_organisation and not entry.contact_role:
        return answers.said("title")
    return with_organisation(answering_role(entry, answers), answers)


def _whom_to_ring(entry: Entry, answers: Organisation) -> Iterator[Entry]:
    """Published records whose number is right for ``entry``, the nearest first.

    Its own, its organisation's, that of the department in charge, and in the end that of the clearing
    office, where staff keep the number for everything.
    """
    yield entry
    above = entry.organisation.department if entry.organisation else None
    for one in (entry.organisation, entry.department, above):
        if one is not None and one.is_published:
            yield one
    office = answers if answers.is_clearing_office else clearing_office()
    if office is not None and office.is_published:
        yield office
