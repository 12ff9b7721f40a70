"""„Schutz nach Tandems“: whom persons of trust keep back, and the step that frees them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.requests import user_of

from ..models import KeptApart
from ..services.concerns import free


@admin.register(KeptApart)
class KeptApartAdmin(ReadOnlyMixin[KeptApart], ScopedModelAdmin[KeptApart]):
    """Who the other person is, stands nowhere; the concern says it as long as it is kept."""

    list_display = ("volunteer_name", "organisation", "since", "freed_at")
    list_select_related = ("volunteer", "organisation")
    fields = ("volunteer_name", "organisation", "since", "freed_at")
    readonly_fields = fields
    actions = ("free_selected",)

    def permission_to(self, action: str) -> str:
        return super().permission_to("change" if action == "free" else action)

    def has_free_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.permission_to("free"), obj)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        raise Http404

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the concern has a log of its own."""

    @admin.display(description=_("Engagierte Person"), ordering="volunteer__name")
    def volunteer_name(self, apart: KeptApart) -> str:
        return apart.volunteer.name

    @admin.action(description=_("Wieder vermitteln (nie an dieselbe Person)"), permissions=["free"])
    def free_selected(self, request: HttpRequest, queryset: QuerySet[KeptApart]) -> None:
        for apart in queryset:
            free(apart=apart, by=user_of(request))
        messages.success(request, __("Wieder freigegeben. Die beiden bleiben getrennt."))
