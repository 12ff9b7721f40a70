"""„Das sind wir“: who asks for access, whom to ring about it, and the decision."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..models import AccessRequest
from ..reads.known_contact import known_numbers
from ..services import access_requests as services
from ..validators import validate_text
from . import display
from .filters import StatusFilter
from .stepping import SteppingMixin

BADGES = {"open": "new", "accepted": "completed", "declined": "declined"}
"""Status → the status of an application whose colours it has."""
ACCEPT, DECLINE, VOUCH = "annehmen", "ablehnen", "nachfragen"


class AcceptForm(forms.Form):
    role = forms.ChoiceField(label=_("Rolle"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=_("Rolle"),
            choices=[(role.value, role.label) for role in roles],
            initial=roles[0].value,
            widget=forms.RadioSelect,
        )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum nicht?"),
        max_length=500,
        validators=[validate_text],
        help_text=_("Dieser Text geht an die Person."),
        error_messages={"required": str(services.NoReason.message)},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


@admin.register(AccessRequest)
class AccessRequestAdmin(SteppingMixin[AccessRequest], ScopedModelAdmin[AccessRequest]):
    """What people typed is read only; the list is the one to ring through."""

    change_form_template = "admin/volunteers/access_requests/change_form.html"
    actions = ("accept_requests",)
    list_display = ("organisation", "name", "function", "known_number", "submitted_at", "state")
    list_select_related = ("organisation",)
    list_filter = (("status", StatusFilter),)
    search_fields = ("name", "email", "phone", "organisation__search_names")
    search_help_text = _("Name, E-Mail, Telefon oder Organisation")
    ordering = ("-submitted_at", "-pk")
    fields = (
        *("organisation", "state", "name", "function", "mail_link", "phone_link"),
        *("submitted_at", "vouch_asked_at", "vouched", "decided_at", "decided_by", "reason"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        asked: AccessRequest = context["original"]
        roles = services.roles_for(user_of(request), asked.organisation)
        may = self.has_change_permission(request, asked) and roles and asked.is_open
        context |= {
            "roles": roles if may else [],
            "accept_url": admin_path(asked, "step", ACCEPT),
            "decline_url": admin_path(asked, "step", DECLINE),
            "vouch_url": admin_path(asked, "step", VOUCH),
            "known": known_numbers(asked.organisation),
            "show_save": False,
            "show_save_and_continue": False,
            "title": __("Gehört diese Person dazu?") if asked.is_open else __("Frage nach Zugang"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button; asks on GET, decides on POST."""
        asked = self.get_object(request, str(object_id))
        roles = services.roles_for(request.user, asked.organisation)
        if not (self.has_change_permission(request, asked) and roles):
            raise PermissionDenied
        if step not in (ACCEPT, DECLINE, VOUCH):
            raise Http404
        if step == VOUCH:
            return self._ask_to_vouch(request, asked)
        data = request.POST if request.method == "POST" else None
        form = AcceptForm(data, roles=roles) if step == ACCEPT else DeclineForm(data)
        if data is not None and form.is_valid():
            self._decide(request, asked, form)
            return HttpResponseRedirect(admin_path(asked))
        return self.step_page(
            request,
            asked,
            form,
            _("Annehmen und einladen") if step == ACCEPT else _("Ablehnen"),
            subtitle=asked.organisation,
            text=_accepting(asked) if step == ACCEPT else "",
            danger=step == DECLINE,
        )

    def _ask_to_vouch(self, request: UserRequest, asked: AccessRequest) -> HttpResponse:
        """The button that mails the known address; a GET leads back to it."""
        if request.method == "POST":
            try:
                services.ask_to_vouch(asked=asked, by=request.user)
                messages.success(request, __("Die bekannte Adresse ist gefragt."))
            except DomainError as error:
                messages.error(request, str(error))
        return HttpResponseRedirect(admin_path(asked))

    def _decide(self, request: UserRequest, asked: AccessRequest, form: forms.Form) -> None:
        by, data = request.user, form.cleaned_data
        try:
            if "role" in data:
                services.accept_access_request(asked=asked, role=data["role"], by=by)
                text = __("Angenommen. Die Einladung ist unterwegs an: %(email)s.")
                messages.success(request, text % {"email": asked.email})
            else:
                services.decline_access_request(asked=asked, reason=data["reason"], by=by)
                messages.success(request, __("Abgelehnt. Die Person bekommt den Grund als Mail."))
        except DomainError as error:
            messages.error(request, str(error))

    @admin.action(description=_("Annehmen und einladen"), permissions=["change"])
    def accept_requests(self, request: HttpRequest, queryset: QuerySet[AccessRequest]) -> None:
        """Each with the usual role of its organisation."""
        user, count = user_of(request), 0
        for asked in queryset.open().select_related("organisation"):  # type: ignore[attr-defined]  # its own queryset
            try:
                roles = services.roles_for(user, asked.organisation)
                role = roles[0].value if roles else ""
                services.accept_access_request(asked=asked, role=role, by=user)
            except DomainError as error:
                messages.error(request, f"{asked.organisation}, {asked.name}: {error}")
            else:
                count += 1
        text = ngettext("%(count)d Person eingeladen.", "%(count)d Personen eingeladen.", count)
        messages.success(request, text % {"count": count})

    @admin.display(description=_("bekannte Nummer"))
    def known_number(self, asked: AccessRequest) -> SafeString | str:
        return display.phone_link(asked.organisation.phone)

    @admin.display(description=_("Status"), ordering="status")
    def state(self, asked: AccessRequest) -> SafeString:
        return display.badge(BADGES[asked.status], asked.get_status_display())

    @admin.display(description=_("E-Mail"))
    def mail_link(self, asked: AccessRequest) -> SafeString | str:
        return display.mail_link(asked.email)

    @admin.display(description=_("Telefon"))
    def phone_link(self, asked: AccessRequest) -> SafeString | str:
        return display.phone_link(asked.phone)


def _accepting(asked: AccessRequest) -> str:
    text = __("%(email)s bekommt eine Einladung. Erst wer sie annimmt, hat Zugang.")
    return text % {"email": asked.email}
