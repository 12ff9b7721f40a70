"""Who translates into which languages."""

from django.conf import settings

from programs.models import Membership
from programs.models.translated import GERMAN
from programs.requests import UserRequest
from volunteers.roles.table import roles_with

Role = Membership.Role
TRANSLATE = "programs.change_translation"


def languages_of(request: UserRequest) -> dict[str, str]:
    """Code → name of the languages into which the user translates; empty without the permission.

    A translator has one language, that of the membership; everybody else who may translate has all.
    """
    others = {code: str(name) for code, name in settings.LANGUAGES if code != GERMAN}
    user = request.user
    if not user.has_perm(TRANSLATE):
        return {}
    if user.is_superuser or (roles_with(TRANSLATE) - {Role.TRANSLATOR}) & user.roles:
        return others
    held = Membership.objects.active().filter(user=user, role=Role.TRANSLATOR)
    own = {*held.values_list("language", flat=True)}
    return {code: name for code, name in others.items() if code in own}
