"""Messages on the page of an application: reading, answering, marking as answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.requests import UserRequest

from ..errors import DomainError
from ..forms.messages import MessageForm
from ..models import Application
from ..reads import timeline
from ..services.messages import handle_messages, is_open, write_message
from .panel import Panel
from .reading import note_about

MAIL = "messages/to_person"


class MessagesPanel(Panel):
    template = "admin/volunteers/messages/_panel.html"
    permission = "volunteers.view_message"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        happened = timeline.for_staff(application)
        return {
            "application": application,
            "history": happened,
            "newest": newest_open(application),
            "unhandled": sum(one.is_open for one in happened),
            "note": note_about([application], MAIL),
            "form": MessageForm() if self._may_write(request, application) else None,
        }

    def _may_write(self, request: HttpRequest, application: Application) -> bool:
        return self.admin.has_change_permission(request, application) and is_open(application)

    def views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"message": self.write, "handled": require_POST(self.handled)}

    def write(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Send a message; if it is refused, the form is shown on a page of its own."""
        application = self.find(request, object_id)
        form = MessageForm(request.POST if request.method == "POST" else None)
        seen = seen_in(request) if request.method == "POST" else newest_open(application)
        if form.is_valid():
            try:
                text = form.cleaned_data["text"]
                write_message(application=application, text=text, by=request.user, seen=seen)
            except DomainError as error:
                form.add_error("text", str(error))
            else:
                self._sent(request, application)
                return self.back(application)
        template, title = "admin/volunteers/messages/message.html", _("Nachricht schreiben")
        return self.page(
            request,
            application,
            template,
            title,
            form=form,
            newest=seen,
            note=note_about([application], MAIL),
        )

    def _sent(self, request: UserRequest, application: Application) -> None:
        messages.success(request, _("Die Nachricht ist unterwegs."))
        if application.messages.unhandled().exists():
            text = _("Inzwischen kam noch eine Nachricht der Person; sie ist ohne Antwort.")
            messages.warning(request, text)

    def handled(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Mark the messages that the page showed as answered."""
        application = self.find(request, object_id)
        if handle_messages(application=application, seen=seen_in(request)):
            messages.success(request, _("Erledigt: Diese Nachrichten brauchen keine Antwort."))
        return self.back(application)


def newest_open(application: Application) -> int:
    """The key of the newest message without an answer, for the field ``seen`` of the page."""
    unhandled = [one.pk for one in application.messages.all() if one.is_open]
    return unhandled[-1] if unhandled else 0


def seen_in(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else 0
