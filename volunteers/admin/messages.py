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


class MessagesPanel(Panel):
    template = "admin/volunteers/messages/_panel.html"
    permission = "volunteers.view_message"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        newest = application.messages.unhandled().last()
        happened = timeline.for_staff(application)
        return {
            "application": application,
            "history": happened,
            "newest": newest.pk if newest else 0,
            "unhandled": sum(one.is_open for one in happened),
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
        if form.is_valid():
            try:
                write_message(
                    application=application,
                    text=form.cleaned_data["text"],
                    by=request.user,
                )
            except DomainError as error:
                form.add_error("text", str(error))
            else:
                messages.success(request, _("Die Nachricht ist unterwegs."))
                return self.back(application)
        template, title = "admin/volunteers/messages/message.html", _("Nachricht schreiben")
        return self.page(request, application, template, title, form=form)

    def handled(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Mark the messages that the page showed as answered."""
        application = self.find(request, object_id)
        seen = request.POST.get("seen", "")
        number = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
        if handle_messages(application=application, seen=number):
            messages.success(request, _("Erledigt: Diese Nachrichten brauchen keine Antwort."))
        return self.back(application)
