"""Certificates: issued on the page of an application, listed and withdrawn here."""

import base64
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.present import PresentFilter
from programs.requests import UserRequest

from .. import papers
from ..errors import DomainError
from ..forms.certificates import CertificateForm, prefilled
from ..models import Application, Certificate
from ..reads.engaged import is_engaged
from ..services import certificates as services
from ..services.hours import NotEngaged
from . import display
from .filters import WithdrawnFilter
from .panel import Panel


class CertificatesPanel(Panel):
    template = "admin/volunteers/certificates/_panel.html"
    permission = "volunteers.view_certificate"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        engaged = is_engaged(application)
        return {
            "engaged": engaged,
            "application": application,
            "certificates": list(application.certificates.all()) if engaged else [],
            "may_issue": request.user.has_perm("volunteers.add_certificate", application),
        }

    def views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"certificate": self.issue}

    def issue(self, request: UserRequest, object_id: int) -> HttpResponse:
        """The form, then a preview, then with the second button the certificate.

        Issues exactly what the preview showed: after a change there is another preview.
        """
        application = self.find(request, object_id)
        if not request.user.has_perm("volunteers.add_certificate", application):
            raise PermissionDenied
        if not is_engaged(application):
            messages.error(request, str(NotEngaged()))
            return self.back(application)
        posted = request.POST if request.method == "POST" else None
        form = CertificateForm(posted, initial=prefilled(application))
        picture = ""
        if form.is_valid():
            try:
                if request.POST.get("issue") == form.statement().digest:
                    return self._issue(request, application, form)
                picture = self._preview(request, application, form)
            except DomainError as error:
                form.add_error(None, str(error))
        return self._preview_page(request, application, form, picture)

    def _issue(
        self, request: UserRequest, application: Application, form: CertificateForm
    ) -> HttpResponse:
        certificate = services.issue_certificate(
            application=application,
            statement=form.statement(),
            by=request.user,
        )
        text = __("Der Nachweis %(code)s ist ausgestellt. Die Person bekommt eine Mail.")
        messages.success(request, text % {"code": certificate.printed_code})
        return self.back(application)

    def _preview(
        self, request: UserRequest, application: Application, form: CertificateForm
    ) -> str:
        """The draft as an inline image of the page; nothing is stored."""
        draft = services.draft(
            application=application,
            statement=form.statement(),
            by=request.user,
        )
        return base64.b64encode(papers.certificate_picture(draft)).decode()

    def _preview_page(
        self, request: UserRequest, application: Application, form: CertificateForm, picture: str
    ) -> HttpResponse:
        return self.page(
            request,
            application,
            "admin/volunteers/certificates/certificate.html",
            __("Nachweis ausstellen"),
            form=form,
            picture=picture,
            digest=form.statement().digest if picture else "",
        )


@admin.register(Certificate)
class CertificateAdmin(ScopedModelAdmin[Certificate]):
    """Issued certificates. They never change; they can be withdrawn."""

    change_form_template = "admin/volunteers/certificates/change_form.html"
    list_display = ("name", "what", "organisation", "issued_on", "code_label", "state")
    list_select_related = ("organisation",)
    list_filter = (WithdrawnFilter, ("organisation", PresentFilter))
    date_hierarchy = "issued_on"
    search_fields = ("name", "what", "code")
    search_help_text = _("Name, Engagement oder Prüfcode ohne Strich.")
    ordering = ("-issued_on", "-pk")
    fields = (
        "code_label", "state", "name", "what", ("since", "until"), "hours_label",
        "competence_names", "issuer", "issued_on", "issued_by_name", "engagement",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Certificate | None = None) -> Any:
        return [name for row in self.fields for name in ([row] if isinstance(row, str) else row)]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        prefix = "volunteers_certificate"
        return [
            path("<int:object_id>/pdf/", view(self.pdf_view), name=f"{prefix}_pdf"),
            path(
                "<int:object_id>/zurueckziehen/",
                view(self.withdraw_view),
                name=f"{prefix}_withdraw",
            ),
            *super().get_urls(),
        ]

    def pdf_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """The PDF as the person has it; not for withdrawn ones."""
        certificate = self._find(request, object_id)
        if certificate.is_withdrawn:
            raise Http404
        return papers.certificate_response(certificate)

    def withdraw_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Asks on GET, withdraws on POST."""
        certificate = self._find(request, object_id)
        if not request.user.has_perm("volunteers.add_certificate", certificate):
            raise PermissionDenied
        back = admin_path(certificate)
        if certificate.is_withdrawn:
            return HttpResponseRedirect(back)
        if request.method == "POST":
            services.withdraw_certificate(certificate=certificate, by=request.user)
            text = __("Der Nachweis %(code)s ist zurückgezogen. Die Person bekommt eine Mail.")
            messages.success(request, text % {"code": certificate.printed_code})
            return HttpResponseRedirect(back)
        return self.page(
            request,
            "admin/volunteers/certificates/withdraw.html",
            __("Nachweis zurückziehen"),
            subtitle=certificate,
            certificate=certificate,
            back=back,
        )

    def _find(self, request: UserRequest, object_id: int) -> Certificate:
        found = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    @admin.display(description=_("Prüfcode"), ordering="code")
    def code_label(self, certificate: Certificate) -> SafeString:
        url = reverse("volunteers:verify", args=[certificate.printed_code])
        return format_html('<a href="{}">{}</a>', url, certificate.printed_code)

    @admin.display(description=_("Stand"), ordering="withdrawn_at")
    def state(self, certificate: Certificate) -> str:
        if certificate.withdrawn_at is None:
            return __("gilt")
        day = display.day_label(certificate.withdrawn_at.date())
        return __("zurückgezogen am %(day)s") % {"day": day}

    @admin.display(description=_("Stunden"))
    def hours_label(self, certificate: Certificate) -> str:
        return certificate.hours_label or "–"

    @admin.display(description=_("Kompetenzen"))
    def competence_names(self, certificate: Certificate) -> str:
        return ", ".join(certificate.competence_labels) or "–"

    @admin.display(description=_("ausgestellt durch"))
    def issued_by_name(self, certificate: Certificate) -> str:
        return str(certificate.issued_by or "–")

    @admin.display(description=_("Anmeldung"))
    def engagement(self, certificate: Certificate) -> SafeString | str:
        """A link to the application, for those who may see it."""
        if certificate.application_id is None:
            return "–"
        url = admin_path(Application, "change", certificate.application_id)
        return format_html('<a href="{}">{}</a>', url, certificate.what)
