"""Who may do what: one table, answered through Django's own permission checks.

Which *records* somebody sees is another question; ``visible_to(user)`` answers it. A permission
here says what somebody may do with the records in sight.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User

VIEW = frozenset({"view"})
EDIT = frozenset({"view", "add", "change"})
EXCHANGE = frozenset({"export", "import"})

PEOPLE: dict[str, frozenset[str]] = {
    "volunteers.application": frozenset({"view", "change", "export"}),
    "volunteers.statuschange": VIEW,
    "volunteers.consent": VIEW,
    "volunteers.volunteer": VIEW | EXCHANGE,
    "volunteers.message": VIEW,
    "volunteers.steprecord": VIEW,
    "volunteers.conductcheck": VIEW,
    "volunteers.qualification": VIEW,
    "volunteers.registration": EDIT | {"export"},
    "volunteers.companionrequest": EDIT | {"export"},
    "volunteers.tandem": VIEW | {"change", "export"},
    "volunteers.checkin": VIEW,
    "volunteers.hoursentry": EDIT | {"delete", "export"},
    "volunteers.certificate": VIEW | {"add"},
}
"""With the people whom an organisation answers, its coordinators and its staff do the same."""

PERMISSIONS: dict[str, dict[str, frozenset[str]]] = {
    "staff": {
        "programs.district": VIEW,
        "programs.field": EDIT,
        "programs.targetgroup": EDIT,
        "programs.entry": VIEW | {"confirm", "assign"},
        "programs.organisation": EDIT | EXCHANGE,
        "programs.programme": EDIT,
        "programs.programmestep": EDIT | {"delete"},
        "programs.opportunity": EDIT | {"delete"},
        "programs.event": EDIT | EXCHANGE | {"delete"},
        "programs.membership": VIEW,
        "welcome_rooms.welcomeroom": EDIT | EXCHANGE,
        "welcome_rooms.openinghours": EDIT | {"delete"},
        "welcome_rooms.roomoffer": EDIT | {"delete"},
        "welcome_rooms.carrierperiod": EDIT | {"delete"},
        **PEOPLE,
        "portal.keyfigure": EDIT,
        "portal.page": frozenset({"view", "change"}),
    },
    "coordinator": {
        "programs.district": VIEW,
        "programs.field": VIEW,
        "programs.targetgroup": VIEW,
        "programs.entry": VIEW | {"confirm"},
        "programs.organisation": frozenset({"view", "change", "export"}),
        "programs.programme": frozenset({"view", "change"}),
        "programs.programmestep": EDIT | {"delete"},
        "programs.opportunity": EDIT | {"delete"},
        "programs.event": EDIT | EXCHANGE | {"delete"},
        "programs.membership": VIEW,
        "welcome_rooms.welcomeroom": frozenset({"view", "change", "export"}),
        "welcome_rooms.openinghours": EDIT | {"delete"},
        "welcome_rooms.roomoffer": EDIT | {"delete"},
        "welcome_rooms.carrierperiod": VIEW,
        **PEOPLE,
    },
}
"""Role → model → actions. The Portalverwaltung (superuser) may do everything.

Beyond Django's own actions: ``export`` and ``import`` of lists, ``confirm`` an entry as right today,
``assign`` the department that is in charge of an entry.
"""


class RoleBackend(BaseBackend):
    """Answers ``user.has_perm("programs.change_event")`` from :data:`PERMISSIONS`."""

    def has_perm(self, user_obj: "User | AnonymousUser", perm: str, obj: Any = None) -> bool:
        app, _, codename = perm.partition(".")
        action, _, model = codename.partition("_")
        return any(
            action in PERMISSIONS.get(role, {}).get(f"{app}.{model}", frozenset())
            for role in getattr(user_obj, "roles", ())
        )

    def has_module_perms(self, user_obj: "User | AnonymousUser", app_label: str) -> bool:
        return any(
            model.startswith(f"{app_label}.")
            for role in getattr(user_obj, "roles", ())
            for model in PERMISSIONS.get(role, {})
        )
