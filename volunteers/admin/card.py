"""A person's record in words, to be read first. The form below it opens with „Bearbeiten“."""

from typing import Any

from ..models import Application, CompanionRequest, Volunteer
from ..models.companions import WANTED
from ..models.profile import asked_of
from ..models.questions import APPLICATION, EVERYBODY, VOLUNTEER, Question, Section
from ..models.statuses import Status
from ..reads import known
from ..reads.answering import looked_after
from ..reads.answers import answers_of, texts_of
from ..services.requests import makes_tandems
from . import display

APART = ("name", "email", "phone", "message", "about", "note")
"""Not listed among the answers: the name is the heading, the rest has a place of its own."""

AGREED = ("asker", "agreed_name", "agreed_at", "agreed_how", "agreed_noted_by", "child_words")
"""Of a request: who asked for somebody else, and who said yes, how."""


def card_of_application(application: Application) -> dict[str, Any]:
    """What ``admin/volunteers/people/_card.html`` shows of an application."""
    sections = tuple(Section) if makes_tandems(application) else EVERYBODY
    return {
        **_card(application, asked_of(APPLICATION, *sections)),
        "said": application.message,
        "badge": display.status_badge(application.status),
        "about": f"{application.wish} · {application.organisation}",
        "answer_by": display.answer_mark(application) if application.status == Status.NEW else "",
    }


def card_of_volunteer(volunteer: Volunteer) -> dict[str, Any]:
    """The same of a person's own record; ``volunteer`` comes with the applications in sight."""
    return {
        **_card(volunteer, asked_of(VOLUNTEER)),
        "said": volunteer.about,
        "applications": known.in_sight(volunteer),
    }


def card_of_request(found: CompanionRequest) -> dict[str, Any]:
    """The same of somebody who looks for a companion."""
    shown = (name for name in (*WANTED, *AGREED) if name not in APART)
    columns: list[Any] = [found._meta.get_field(name) for name in shown]
    return {
        **_reach(found),
        "badge": display.badge(found.status, found.get_status_display()),
        "about": f"{found.programme} · {looked_after(found)}",
        "answers": texts_of(found, ((str(one.verbose_name), one) for one in columns)),
        "said": found.note,
    }


def _card(record: Application | Volunteer, asked: tuple[Question, ...]) -> dict[str, Any]:
    answers = answers_of(record, [one for one in asked if one.name not in APART])
    return {**_reach(record), "answers": answers}


def _reach(record: Application | Volunteer | CompanionRequest) -> dict[str, Any]:
    return {
        "phone": display.phone_link(record.phone) if record.phone else "",
        "email": display.mail_link(record.email) if record.email else "",
    }
