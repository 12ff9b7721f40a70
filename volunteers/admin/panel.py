"""The base class of the panels above the form of an application.

A panel is a template with its context, and the URLs of its buttons.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.requests import UserRequest

from ..models import Application


def there_is(application: Application, what: str) -> bool:
    """One of ``applications.THERE_IS``; yes, where that was not asked."""
    return bool(getattr(application, what, True))


class Panel:
    """Base of the panels; ``admin`` is the model admin of applications."""

    template: ClassVar[str]
    """Rendered with the values of :meth:`context`."""
    permission: ClassVar[str]
    """Only users with this permission see the panel, for example ``volunteers.view_message``."""

    def __init__(self, model_admin: ScopedModelAdmin[Application]) -> None:
        self.admin = model_admin

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        return {}

    def views(self) -> dict[str, Callable[..., HttpResponse]]:
        """Last part of the path → view(request, object_id); the URL name ends with that part, too."""
        return {}

    def urls(self) -> list[URLPattern]:
        wrap = self.admin.admin_site.admin_view
        return [
            path(f"<int:object_id>/{name}/", wrap(view), name=f"volunteers_application_{name}")
            for name, view in self.views().items()
        ]

    def find(self, request: UserRequest, object_id: int) -> Application:
        """The application, if the user may see and change it; 404 or 403 otherwise."""
        application = self.admin.get_object(request, str(object_id))
        if not self.admin.has_change_permission(request, application):
            raise PermissionDenied
        return application

    def page(
        self, request: UserRequest, application: Application, template: str, title: str, **more: Any
    ) -> HttpResponse:
        """A page of its own about the application."""
        more |= {"subtitle": application, "application": application}
        return self.admin.page(request, template, title, **more)

    def back(self, application: Application) -> HttpResponseRedirect:
        return HttpResponseRedirect(admin_path(application))
