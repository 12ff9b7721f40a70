from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The pages that combine the other apps: home, search, map, figures and text pages."""

    name = "portal"
    verbose_name = _("Portal")


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own start page and access rule."""

    default_site = "portal.admin_site.PortalAdminSite"
