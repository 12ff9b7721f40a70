"""What one entry of the register says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Whose(models.TextChoices):
    """Whom an activity is about; the privacy page is grouped by it."""

    HELPING = "helping", _("Wenn Sie mitmachen")
    COMING = "coming", _("Wenn Sie zu einem Termin kommen")
    LOOKING = "looking", _("Wenn Sie eine Begleitung suchen")
    WORKING = "working", _("Wenn Sie im Portal arbeiten")
    EVERYBODY = "everybody", _("Für alle, damit das Portal sicher läuft")


@dataclass(frozen=True, kw_only=True)
class Processing:
    """One activity of the register (Art. 30 GDPR: Verzeichnis der Verarbeitungstätigkeiten).

    ``fields`` names what is kept, by model and field; each field of the portal stands in exactly one
    activity or is declared impersonal (``impersonal.py``). ``owned_by`` gives for each model the
    lookups that lead from a row to the mail address of the person whom these fields are about:
    several where a row is about several people, none where a row cannot be found by a person.
    ``kept`` are sentences made from the settings that the retention job reads.
    """

    key: str
    title: "str | _StrPromise"
    whose: Whose
    what: "str | _StrPromise"
    purpose: "str | _StrPromise"
    basis: "str | _StrPromise"
    seen_by: "str | _StrPromise"
    kept: tuple[Callable[[], str], ...]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owned_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kept_until(self) -> list[str]:
        """The sentences as they are with the settings of now."""
        return [sentence() for sentence in self.kept]
