"""The administration at ``/verwaltung/``."""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.bundles import bundled, without_forms
from programs.models import Membership
from programs.requests import UserRequest, user_of
from volunteers.accounts import sign_on
from volunteers.guard.limits import account, limited, was_right

if TYPE_CHECKING:
    from volunteers.models import ExportRecord, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def _few_files(context: dict[str, Any]) -> Media:
    changes = context.get("cl")
    if changes is None or changes.is_popup or changes.formset:
        return bundled(context["media"])
    return without_forms(context["media"])


class PortalAdminSite(AdminSite):
    site_header = _("Freiwilligenportal Stuttgart")
    site_title = _("Verwaltung")
    index_title = _("Ihre Arbeit")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from portal.translating.views import paths

        who_may = self.admin_view(self.who_may)
        figures = self.admin_view(self.figures)
        counted = limited("password", target=account, wrong_only=True)(self.password_change)
        password = self.admin_view(counted, cacheable=True)
        return [
            path("password_change/", password, name="password_change"),
            path("wer-darf-was/", who_may, name="who_may"),
            path("system/", self.admin_view(self.system), name="system"),
            path("auswertung/", figures, name="figures"),
            path("berichte/", self.admin_view(self.reports), name="reports"),
            path(
                "berichte/berichtigen/",
                self.admin_view(self.correct_figures),
                name="correct_figures",
            ),
            *paths(self),
            path("suche/", self.admin_view(self.find), name="find"),
            path("exporte/<int:pk>/", self.admin_view(self.export_file), name="export_file"),
            path(
                "exporte/<int:pk>/datei/",
                self.admin_view(self.export_content),
                name="export_content",
            ),
            *super().get_urls(),
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Like Django's. Stores that the user has used the administration today; pages load few files."""
        inner = super().admin_view(view, cacheable)

        def used(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            from volunteers.services.accesses import note_use

            if self.has_permission(request):
                note_use(request.user)
            response = inner(request, *args, **kwargs)
            context = getattr(response, "context_data", None)
            if context and "media" in context:
                context["media"] = _few_files(context)
            return response

        return cast("View", update_wrapper(used, inner))

    def who_may(self, request: HttpRequest) -> TemplateResponse:
        """„Wer darf was“: the table of permissions in words."""
        from volunteers.roles.table import ROLES
        from volunteers.roles.words import NOTHING, groups

        context = {
            **self.each_context(request),
            "title": _("Wer darf was"),
            "roles": ROLES,
            "groups": groups(),
            "nothing": NOTHING,
        }
        return TemplateResponse(request, "admin/volunteers/accesses/who_may.html", context)

    def system(self, request: UserRequest) -> TemplateResponse:
        """„System“: what is wrong with the running of the portal."""
        from portal.operations.system import system_view

        return system_view(request, self)

    def figures(self, request: UserRequest) -> HttpResponseBase:
        """„Auswertung“: figures without persons."""
        from volunteers.admin.figures import figures_view

        return figures_view(request, self)

    def find(self, request: UserRequest) -> TemplateResponse:
        """One search over everything that the user may see; more than ``LONGEST`` characters are cut."""
        from .worklist.finding import LONGEST, find

        question = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
        context = {
            **self.each_context(request),
            "title": _("Suche"),
            "question": question,
            "found": find(request, self, question),
        }
        return TemplateResponse(request, "admin/find.html", context)

    def reports(self, request: UserRequest) -> HttpResponseBase:
        """„Berichte“: figures of months and years that are written down."""
        from portal.figures.report_views import report_view

        return report_view(request, self)

    def correct_figures(self, request: UserRequest) -> HttpResponseBase:
        """„Zahlen berichtigen“: count a month again, with a reason."""
        from portal.figures.correct_views import correct_view

        return correct_view(request, self)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Like Django's; wrong guesses of the present password are counted."""
        response = super().password_change(request, extra_context)
        if response.status_code == HTTPStatus.FOUND:
            was_right(request)
        return response

    def export_file(self, request: UserRequest, pk: int) -> HttpResponseBase:
        """A large export: how far it is, and the link to the file."""
        from programs.exchange.fetching import progress_view

        return progress_view(request, self, pk)

    def export_content(self, request: UserRequest, pk: int) -> HttpResponseBase:
        """The file of a large export."""
        from programs.exchange.fetching import content_view

        return content_view(request, self, pk)

    def has_permission(self, request: HttpRequest) -> bool:
        """Open to the Portalverwaltung and to everybody who works for an organisation today.

        With ``SECOND_FACTOR_REQUIRED`` the user also needs a second factor: either the account has
        one (then the login asked for it), or the city's sign-on has checked one.
        """
        return request.user.is_staff and not self._lacks_factor(request)

    def _lacks_factor(self, request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_REQUIRED or sign_on.has_second_factor(request):
            return False
        return not is_mfa_enabled(request.user)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect anonymous users to the portal's own login page by code, which sends them back here.

        Most accounts have no password; who has one finds the way there.

        A logged-in user without a role gets a page that says so (403), not an endless redirect.
        A user who still needs a second factor is sent to the page that sets one up.
        """
        target = self._target(request)
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if request.user.is_staff:
            return redirect_to_login(target, "mfa_activate_totp")
        context = {"title": _("Hier arbeiten Organisationen")}
        return TemplateResponse(request, "admin/no_access.html", context, status=403)

    def _target(self, request: HttpRequest) -> str:
        """The page that the user asked for, if it is a safe URL and not the login page itself."""
        index = reverse("admin:index")
        target = request.GET.get(REDIRECT_FIELD_NAME, index)
        safe = url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return target if safe and not target.startswith(reverse("admin:login")) else index

    def logout(  # type: ignore[override]  # the stubs do not expect a redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return LogoutView.as_view(next_page="/")(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page: work first, then the list of everything."""
        from .worklist import worklist_for

        context = {"work": worklist_for(user_of(request)), **(extra_context or {})}
        return super().index(request, context)

    def record_role(self, request: HttpRequest, kind: str, about: Model) -> None:
        """Write to the security log that a form gave, changed or ended a role.

        A new or changed role is also mailed to the colleagues who may end it. The lower apps call
        this method for the same reason as :meth:`record_export`.
        """
        from volunteers.guard import security_log
        from volunteers.models import SecurityEvent
        from volunteers.notifications import accesses

        by = user_of(request)
        security_log.record(SecurityEvent.Kind(kind), by=by, about=about)
        if isinstance(about, Membership) and kind != SecurityEvent.Kind.ROLE_ENDED:
            accesses.role_given(about, by=by)

    def record_export(
        self,
        *,
        by: "User",
        what: str,
        purpose: str,
        filter_text: str,
        file_format: str,
        rows: int,
    ) -> "ExportRecord":
        """Log who exported which list, and for what purpose. Every export calls this in its transaction.

        The lower apps call it on the admin site they are registered with. So they need not know
        where the log is stored.
        """
        from volunteers.guard import security_log
        from volunteers.models import ExportRecord, SecurityEvent

        record = ExportRecord.objects.create(
            by=by,
            what=what,
            purpose=purpose,
            filter=filter_text,
            format=file_format,
            rows=rows,
        )
        security_log.record(SecurityEvent.Kind.EXPORT, by=by, about=record)
        return record
