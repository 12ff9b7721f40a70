"""Types for users, and requests with a logged-in user.

Django types ``request.user`` as ``User | AnonymousUser``. In a view that requires a login it is always a
``User``.
"""

from typing import TYPE_CHECKING, TypeAlias, cast

from django.http import HttpRequest, QueryDict

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from volunteers.models import User

AnyUser: TypeAlias = "User | AnonymousUser"
"""The type that ``visible_to(user)`` accepts."""


class UserRequest(HttpRequest):
    """The request of views that require a login: in the administration or with ``@login_required``."""

    user: "User"


def user_of(request: HttpRequest) -> "User":
    """``request.user`` as a ``User``, for methods of the admin that must have Django's signature."""
    return cast("User", request.user)


def request_for(user: AnyUser, query: str = "") -> HttpRequest:
    """The request with which ``user`` would open a list of the administration with this query string."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), user
    return request
