"""„System“ in the administration: what is wrong with the running of the portal, and what to do."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone

from programs.requests import UserRequest

from . import checks
from .facts import Facts

if TYPE_CHECKING:
    from portal.admin_site import PortalAdminSite


def system_view(request: UserRequest, site: "PortalAdminSite") -> TemplateResponse:
    """For the Portalverwaltung: problems first, the worst of them on top, then what is fine."""
    if not request.user.is_superuser:
        raise PermissionDenied
    found = list(checks.run(Facts()))
    problems = [one for one in found if one[1].level > checks.Level.FINE]
    problems.sort(key=lambda one: -one[1].level)
    context = {
        **site.each_context(request),
        "title": "System",
        "problems": problems,
        "alarms": sum(finding.level == checks.Level.ALARM for _check, finding in problems),
        "ALARM": checks.Level.ALARM,
        "fine": [one for one in found if one[1].level == checks.Level.FINE],
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/system.html", context)
