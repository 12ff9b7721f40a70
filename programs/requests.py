"""Who asks: types of users, and of requests whose user is known.

Django types ``request.user`` as an account or nobody. Behind a login there is always an account.
"""

from typing import TYPE_CHECKING, TypeAlias, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from volunteers.models import User

AnyUser: TypeAlias = "User | AnonymousUser"
"""An account or nobody, as ``visible_to(user)`` takes it."""


class UserRequest(HttpRequest):
    """What views behind a login take: those of the administration, and ``@login_required``."""

    user: "User"


def user_of(request: HttpRequest) -> "User":
    """The account, in methods that Django's administration calls and whose signature is Django's."""
    return cast("User", request.user)
