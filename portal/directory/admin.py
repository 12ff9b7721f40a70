"""„Wahrscheinlich doppelt“: organisations that were entered twice, side by side, and merging them.

Replaces the list of organisations of ``programs``.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.organisations import OrganisationAdmin
from programs.doubles import doubles_of, likely_pairs
from programs.models import DifferentPair, FormerOrganisation, Organisation
from programs.requests import UserRequest, user_of
from volunteers.errors import DomainError
from volunteers.services.absorbing import hanging_on

from . import merging
from .forms import MergeForm
from .invited_admin import InviteAction
from .link_answer_views import LinkAnswerViews
from .set_up_views import SetUpViews
from .trust_filter import WithoutTrustFilter
from .values import Comparison

admin.site.unregister(Organisation)
FOUND = 20
"""How many organisations a search by name shows."""


@admin.register(Organisation)
class DirectoryAdmin(SetUpViews, LinkAnswerViews, InviteAction, OrganisationAdmin):
    list_filter = (*OrganisationAdmin.list_filter, WithoutTrustFilter)
    actions = ("invite_organisations",)
    import_export_change_list_template = "admin/directory/change_list.html"

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(merging.PERM)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "programs_organisation_{}".format
        return [
            *self.set_up_urls(),
            *self.link_answer_urls(),
            path("doppelt/", view(self.doubles_view), name=name("doubles")),
            path("<int:pk>/doppelt/", view(self.doubles_of_view), name=name("doubles_of")),
            path("<int:pk>/und/<int:merged>/", view(self.merge_view), name=name("merge")),
            path(
                "<int:pk>/verschieden/<int:other>/",
                view(require_POST(self.different_view)),
                name=name("different"),
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"may_merge": self.has_merge_permission(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_merge"] = self.has_merge_permission(request)
        context["may_switch"] = self.may_switch(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def doubles_view(self, request: UserRequest) -> HttpResponse:
        """Pairs of organisations that are probably the same."""
        pairs = likely_pairs(self._mergeable(request))
        title = _("Wahrscheinlich doppelt")
        return self.page(request, "admin/directory/doubles.html", title, pairs=pairs)

    def doubles_of_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """What is probably the same as one organisation; any other one is found by its name."""
        mergeable = self._mergeable(request)
        organisation = self._one(mergeable, pk)
        text = request.GET.get("q", "").strip()
        others = mergeable.exclude(pk=pk)
        found = self.get_search_results(request, others, text)[0] if text else others.none()
        return self.page(
            request,
            "admin/directory/doubles_of.html",
            _("Doppelt eingetragen?"),
            subtitle=organisation,
            organisation=organisation,
            likely=doubles_of(organisation, mergeable),
            text=text,
            found=found.order_by("title")[:FOUND],
        )

    def merge_view(
        self, request: UserRequest, pk: int, merged: int, problem: str = ""
    ) -> HttpResponse:
        """Both side by side; the button merges them. ``pk`` is the one that stays.

        After a ``problem`` the page shows what the two say now, with what the user has chosen.
        """
        mergeable = self._mergeable(request)
        pair = mergeable.filter(pk__in=(pk, merged)).in_bulk()
        if len(pair) < 2:
            return self._gone(request, mergeable, pk, merged)
        comparison = Comparison(pair[pk], pair[merged], request.user)
        sent = request.method == "POST"
        form = MergeForm(request.POST if sent else None, comparison=comparison)
        if sent and form.is_valid() and not problem:
            try:
                self._merge(request, form)
            except DomainError as error:
                return self.merge_view(request, pk, merged, str(error))
            return HttpResponseRedirect(admin_path(pair[pk]))
        if problem:
            form.add_error(None, problem)
        return self._compare(request, form)

    def _merge(self, request: UserRequest, form: MergeForm) -> None:
        kept, merged = form.comparison.kept, form.comparison.merged
        merging.merge_organisations(
            kept=kept,
            merged=merged,
            merged_by=request.user,
            values=form.values(),
            seen=request.POST.get("seen", "-"),
        )
        text = _("„%(merged)s“ ist jetzt Teil dieses Eintrags. Die alte Adresse führt hierher.")
        messages.success(request, text % {"merged": merged})

    def _compare(self, request: UserRequest, form: MergeForm) -> HttpResponse:
        kept, merged = form.comparison.kept, form.comparison.merged
        return self.page(
            request,
            "admin/directory/merge.html",
            _("Zusammenführen"),
            form=form,
            refusal=_refusal(request, kept, merged),
            kept=kept,
            merged=merged,
            seen=form.comparison.fingerprint,
            moving=hanging_on(merged),
            staying=hanging_on(kept),
        )

    def _gone(
        self, request: UserRequest, mergeable: QuerySet[Organisation], pk: int, merged: int
    ) -> HttpResponse:
        """Somebody has merged them, perhaps the same person with a second click; else 404."""
        both = (pk, merged)
        former = FormerOrganisation.objects.filter(number__in=both, kept__in=mergeable).first()
        if former is None or (pk == merged):
            raise Http404
        messages.info(request, _("Diese beiden sind schon zusammengeführt."))
        return HttpResponseRedirect(admin_path(former.kept))

    def different_view(self, request: UserRequest, pk: int, other: int) -> HttpResponse:
        """The button „verschieden“: the pair is not proposed any more."""
        mergeable = self._mergeable(request)
        one, two = sorted((self._one(mergeable, pk).pk, self._one(mergeable, other).pk))
        if one == two:
            raise Http404
        DifferentPair.objects.get_or_create(one_id=one, other_id=two)
        messages.success(request, _("Gemerkt: Das sind zwei verschiedene Organisationen."))
        return HttpResponseRedirect(admin_path(Organisation, "doubles"))

    def _mergeable(self, request: UserRequest) -> QuerySet[Organisation]:
        if not self.has_merge_permission(request):
            raise PermissionDenied
        return merging.mergeable_by(user_of(request)).select_related("department")

    def _one(self, mergeable: QuerySet[Organisation], pk: int) -> Organisation:
        organisation = mergeable.filter(pk=pk).first()
        if organisation is None:
            raise Http404
        return organisation


def _refusal(request: UserRequest, kept: Organisation, merged: Organisation) -> str:
    """Why the user may not merge these two this way round, or ""."""
    try:
        merging.require_may_merge(user_of(request), kept, merged)
    except DomainError as error:
        return str(error)
    return ""
