"""The administration at ``/verwaltung/``."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("Freiwilligenportal Stuttgart")
    site_title = _("Verwaltung")
    index_title = _("Ihre Arbeit")

    def has_permission(self, request: HttpRequest) -> bool:
        """Open to the Portalverwaltung and to whoever works for an organisation today."""
        return bool(getattr(request.user, "is_staff", False))
