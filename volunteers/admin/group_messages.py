"""One message to many people: the pages behind the action of a list, and the list of what was sent."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin, ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.admin.present import PresentFilter
from programs.admin.typed import M
from programs.exchange.reloading import reloading
from programs.models import MessageTemplate
from programs.requests import UserRequest
from programs.seeing import seen_with

from ..forms.group_messages import GroupMessageForm
from ..models import GroupMessage
from ..models.group_messages import Outcome
from ..services.group_messages import Chosen, plan, send_to_group, text_for
from .chosen import MOST_AT_ONCE, posted_keys
from .reading import note_about

WRITE = "volunteers.add_groupmessage"
REFRESH_SECONDS = 3
MAILS = {"Application": "messages/to_person", "Registration": "registrations/message"}


class GroupMessageViews(ScopedAdminMixin[M]):
    """The action „Nachricht an alle Gewählten“ with its pages; mixin for lists of people."""

    @admin.action(description=_("Nachricht an alle Gewählten schreiben"), permissions=["change"])
    def write_to_all(self, request: UserRequest, queryset: QuerySet[M]) -> HttpResponse | None:
        self._require_right(request)
        chosen = self._read(queryset)
        if refusal := _refusal(chosen):
            messages.error(request, refusal)
            return None
        return self._write_page(request, chosen, self._form(request))

    def _require_right(self, request: HttpRequest) -> None:
        if not (request.user.has_perm(WRITE) and self.has_change_permission(request)):
            raise PermissionDenied

    def group_message_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.write_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_write_to_all"
        return [path("an-alle/", view, name=name)]

    def write_view(self, request: UserRequest) -> HttpResponse:
        """Takes a template, shows the first mail, or sends; what was typed stays."""
        self._require_right(request)
        allowed = self.permission_to("change")
        mine = seen_with(self.get_queryset(request), request.user, allowed)
        chosen = self._read(mine.filter(pk__in=posted_keys(request)))
        if not chosen or _refusal(chosen):
            raise Http404
        step = request.POST.get("step")
        form = self._form(request, request.POST)
        if step == "template":
            return self._write_page(request, chosen, self._filled(request, form))
        if step != "send" or not form.is_valid():
            return self._write_page(request, chosen, form)
        group = send_to_group(
            organisation=chosen[0].organisation,
            by=request.user,
            text=form.cleaned_data["text"],
            chosen=chosen,
        )
        messages.success(request, __("Die Nachrichten sind unterwegs."))
        return HttpResponseRedirect(admin_path(group))

    def _read(self, rows: QuerySet[M]) -> list[Chosen]:
        about = "entry" if self.opts.model_name == "application" else "event"
        found = rows.select_related(about, "organisation")[: MOST_AT_ONCE + 1]
        return cast("list[Chosen]", list(found))

    def _form(self, request: UserRequest, data: Any = None) -> GroupMessageForm:
        templates = MessageTemplate.objects.visible_to(request.user)
        return GroupMessageForm(data, templates=templates)

    def _filled(self, request: UserRequest, form: GroupMessageForm) -> GroupMessageForm:
        """The form with the text of the chosen template; without one as it was."""
        form.is_valid()
        template = form.cleaned_data.get("template")
        if template is None:
            return form
        return self._form(request, {"template": template.pk, "text": template.text})

    def _write_page(
        self, request: UserRequest, chosen: Sequence[Chosen], form: GroupMessageForm
    ) -> HttpResponse:
        recipients = plan(chosen)
        going = [one for one in recipients if one.outcome == Outcome.WAITING]
        valid = form.is_bound and form.is_valid()
        people: list[Any] = [one.application or one.registration for one in going]
        first = people[0] if people else None
        return self.page(
            request,
            "admin/volunteers/group_messages/write.html",
            __("Nachricht an alle Gewählten"),
            form=form,
            action_url=admin_path(self.model, "write_to_all"),
            ids=",".join(str(one.pk) for one in chosen),
            going=len(going),
            left_out=[one for one in recipients if one.outcome != Outcome.WAITING],
            preview=text_for(first, form.cleaned_data["text"]) if first and valid else "",
            preview_to=first,
            note=note_about(people, MAILS[type(people[0]).__name__]) if people else None,
            back=admin_path(self.model),
        )


def _refusal(chosen: Sequence[Chosen]) -> str:
    """Why these people cannot get one message; empty if they can."""
    if len(chosen) > MOST_AT_ONCE:
        return __("Bitte wählen Sie höchstens %(count)d auf einmal.") % {"count": MOST_AT_ONCE}
    if len({one.organisation_id for one in chosen}) > 1:
        return __("Bitte wählen Sie nur Menschen, um die sich dieselbe Stelle kümmert.")
    return ""


@admin.register(GroupMessage)
class GroupMessageAdmin(ReadOnlyMixin[GroupMessage], ScopedModelAdmin[GroupMessage]):
    """What was sent to many, how far it is, and who was left out."""

    change_form_template = "admin/volunteers/group_messages/change_form.html"
    list_display = ("written_at", "organisation", "by", "beginning", "progress")
    list_select_related = ("organisation", "by")
    list_filter = (("organisation", PresentFilter),)
    date_hierarchy = "written_at"
    search_fields = ("text",)
    fields = readonly_fields = ("written_at", "organisation", "by", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMessage]:
        sent = Count("recipients", filter=Q(recipients__outcome=Outcome.SENT))
        going = Count("recipients", filter=Q(recipients__outcome=Outcome.WAITING))
        return super().get_queryset(request).annotate(sent=sent, going=going)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        group = context["original"]
        done = (Outcome.SENT, Outcome.WAITING)
        left_out = group.recipients.exclude(outcome__in=done)
        context["left_out"] = left_out.select_related("application", "registration")
        context["total"] = group.sent + group.going
        response = super().render_change_form(request, context, *args, **kwargs)
        return reloading(request, response, seconds=REFRESH_SECONDS) if group.going else response

    @admin.display(description=_("Nachricht"))
    def beginning(self, group: GroupMessage) -> str:
        return group.text[:80]

    @admin.display(description=_("verschickt"))
    def progress(self, group: GroupMessage) -> str:
        sent, going = group.sent, group.going  # type: ignore[attr-defined]  # annotated
        return __("%(sent)d von %(total)d") % {"sent": sent, "total": sent + going}
