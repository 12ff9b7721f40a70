"""A person's applications: their status, and questions that wait for an answer."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from programs.models.translated import filled_in

from ..links import applications as application_links
from ..models import Application, Message, Reminder
from ..models.statuses import CLOSED, Status
from ..reads.persons import Person
from ..reminders.applications import CONTACT_QUESTION
from .parts import OpenPoint, Section


def of_person(person: Person) -> Section | None:
    """Open ones as cards; closed ones below."""
    found = Application.objects.of_person(person.emails, person.name).select_related(
        "organisation", "entry__organisation", "entry__organisation_entry"
    )
    rows = [(one, application_links.status_path(one)) for one in found]
    if not rows:
        return None
    context = {
        "open": [row for row in rows if not row[0].is_closed],
        "over": [row for row in rows if row[0].is_closed],
    }
    return Section("volunteers/sections/applications.html", context)


def questions(person: Person) -> Iterator[OpenPoint]:
    """„Hat sich schon jemand gemeldet?“, where it was mailed and is not answered yet."""
    asked = Reminder.objects.filter(purpose=CONTACT_QUESTION, subject=OuterRef("pk"))
    waiting = Application.objects.of_person(person.emails, person.name).filter(
        Exists(asked), status=Status.NEW, contact_answer=""
    )
    for application in waiting.select_related("entry"):
        text = _("Hat sich zu „%(wish)s“ schon jemand bei Ihnen gemeldet?")
        url = application_links.contact_path(application, "nein")
        yield OpenPoint(filled_in(text, wish=application.wish), url, _("Antworten"))


def unanswered_messages(person: Person) -> Iterator[OpenPoint]:
    """Applications where the last message is from the organisation."""
    newest = Message.objects.filter(application=OuterRef("pk")).order_by("-at", "-pk")
    waiting = (
        Application.objects.of_person(person.emails, person.name)
        .exclude(status__in=CLOSED)
        .annotate(last_sender=Subquery(newest.values("sender")[:1]))
        .filter(last_sender=Message.Sender.STAFF)
    )
    for application in waiting.select_related("entry"):
        text = filled_in(_("Sie haben eine Nachricht zu „%(wish)s“."), wish=application.wish)
        yield OpenPoint(
            text, f"{application_links.status_path(application)}#verlauf", _("Lesen und antworten")
        )
