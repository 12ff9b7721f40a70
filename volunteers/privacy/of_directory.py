"""The register: what the portal keeps of those who keep the entries of their organisation true."""

from django.utils.translation import gettext_lazy as _

from programs.models.organisations import POSTAL

from . import sentences
from .of_operation import PUBLIC_TASK
from .processing import Processing, Whose

DIRECTORY = Processing(
    key="directory",
    title=_("Pflege von Einträgen"),
    whose=Whose.WORKING,
    what=_(
        "die Adresse, an die das Portal einer Organisation schreibt, und ihre Anschrift für Briefe; was über "
        "Links aus diesen Mails bestätigt oder zur Änderung vorgeschlagen wurde, und wann; welche Anrufe es dazu gab"
    ),
    purpose=_("Einträge richtig halten; nachfragen, wenn lange niemand antwortet"),
    basis=PUBLIC_TASK,
    seen_by=_("die Organisation und die zuständige Stelle der Stadt"),
    kept=(sentences.contact_address, sentences.proposals),
    fields={
        "programs.Organisation": ("contact_email", *POSTAL),
        "portal.ChangeProposal": (
            *("before", "after", "live", "accepted", "note", "made_at", "state", "reason"),
            "decided_at",
        ),
        "portal.Upkeep": ("kind", "at"),
    },
    owned_by={
        "programs.Organisation": (),
        "portal.ChangeProposal": ("by__email",),
        "portal.Upkeep": ("by__email",),
    },
)
