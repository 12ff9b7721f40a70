"""„Newsletter-Ausgaben“: writing an issue with a live preview, and the buttons that send it."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedMixin, ScopedModelAdmin
from programs.admin.typed import StackedInline
from programs.requests import UserRequest
from volunteers.admin import display
from volunteers.admin.stepping import SteppingMixin
from volunteers.errors import DomainError

from . import preview
from .issue_forms import BlockForm, IssueForm
from .issue_models import MOST_BLOCKS, IssueStatus, NewsletterBlock, NewsletterIssue
from .issue_steps import PAGES, STEPS, Step, steps_of

BADGES = {
    IssueStatus.DRAFT: "new",
    IssueStatus.SCHEDULED: "in_contact",
    IssueStatus.SENDING: "in_training",
    IssueStatus.PAUSED: "paused",
    IssueStatus.SENT: "completed",
    IssueStatus.STOPPED: "declined",
}
"""Status → the status of an application whose colours it has."""


class BlockInline(ScopedMixin[NewsletterBlock], StackedInline[NewsletterBlock, NewsletterIssue]):
    model = NewsletterBlock
    form = BlockForm
    extra = 1
    max_num = MOST_BLOCKS
    fields = ("position", "title", "text", "link")
    verbose_name_plural = _("Bausteine")

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = super().get_queryset(request).select_related("entry__organisation")
        return shown.select_related("event__organisation", "event__district")


@admin.register(NewsletterIssue)
class NewsletterIssueAdmin(SteppingMixin[NewsletterIssue], ScopedModelAdmin[NewsletterIssue]):
    form = IssueForm
    change_form_template = "admin/newsletter/change_form.html"
    list_display = ("title", "status_badge", "send_at", "begun_at", "recipients", "language")
    list_filter = ("status", "language")
    search_fields = ("title",)
    ordering = ("-pk",)
    actions = None
    fields = ("title", "summary", "topics", "language")
    inlines = (BlockInline,)

    @admin.display(description=_("Status"), ordering="status")
    def status_badge(self, issue: NewsletterIssue) -> SafeString:
        return display.badge(BADGES[IssueStatus(issue.status)], issue.get_status_display())

    def get_inlines(self, request: HttpRequest, obj: NewsletterIssue | None) -> Any:
        """A new issue gets its blocks on the page that follows, with the preview beside them."""
        return self.inlines if obj else ()

    def has_change_permission(
        self, request: HttpRequest, obj: NewsletterIssue | None = None
    ) -> bool:
        """Only a draft is written; the buttons of the others ask by themselves."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(
        self, request: HttpRequest, obj: NewsletterIssue | None = None
    ) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    def response_add(
        self, request: HttpRequest, obj: NewsletterIssue, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, __("Der Entwurf ist angelegt. Nun fehlen noch die Bausteine."))
        return HttpResponseRedirect(admin_path(obj))

    def save_related(self, request: HttpRequest, form: Any, *args: Any, **kwargs: Any) -> None:
        """Number the blocks anew, with room between them."""
        super().save_related(request, form, *args, **kwargs)
        for number, block in enumerate(form.instance.blocks.order_by("position", "pk"), start=1):
            if block.position != 10 * number:
                block.position = 10 * number
                block.save(update_fields=["position"])

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With a frame that shows the preview."""
        return super().change_view(request, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        issue: NewsletterIssue | None = context.get("original")
        if issue is not None:
            context["steps"] = [
                (slug, step, admin_path(issue, "step", slug))
                for slug, step in steps_of(issue, request.user)
            ]
            context["preview_url"] = admin_path(issue, "step", "vorschau")
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        issue = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, issue):
            raise PermissionDenied
        if step == "vorschau":
            return self._preview(request, issue)
        chosen = STEPS.get(step)
        if chosen is None:
            raise Http404
        if not request.user.has_perm(chosen.perm):
            raise PermissionDenied
        if step in PAGES:
            return PAGES[step](self, request, issue)
        return self._step(request, issue, chosen)

    def _step(self, request: UserRequest, issue: NewsletterIssue, step: Step) -> HttpResponse:
        """Asks on GET, acts on POST; what was typed stays after a problem."""
        data = request.POST if request.method == "POST" else None
        form = step.form(data, initial=step.initial(issue, request.user))
        if data is not None and form.is_valid():
            try:
                done = step.take(issue, form.cleaned_data) or issue
            except DomainError as error:
                if not form.fields:
                    messages.error(request, str(error))
                    return HttpResponseRedirect(admin_path(issue))
                form.add_error(None, str(error))
            else:
                messages.success(request, str(step.done))
                return HttpResponseRedirect(
                    admin_path(done, *(("step", step.then) if step.then else ()))
                )
        return self.step_page(
            request, issue, form, step.label, text=step.says(issue), danger=step.danger
        )

    def _preview(self, request: UserRequest, issue: NewsletterIssue) -> HttpResponse:
        if not (request.method == "POST" and self.has_change_permission(request, issue)):
            return preview.framed_preview(request, issue, preview.saved(issue))
        form = self.get_form(request, issue, change=True)(request.POST, instance=issue)
        (formset,) = (
            made(
                request.POST,
                instance=issue,
                prefix=made.get_default_prefix(),
                queryset=inline.get_queryset(request),
            )
            for made, inline in self.get_formsets_with_inlines(request, issue)
        )
        return preview.framed_preview(request, issue, preview.typed(issue, form, formset))
