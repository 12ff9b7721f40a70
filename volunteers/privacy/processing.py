"""The type of an entry in the register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CONSENT = _("Ihre Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO)")


LANGUAGE = "preferred_language"
"""The field in which language somebody wants mails; the register names it once for all activities."""


class Whose(models.TextChoices):
    """Whose data an activity is about; the privacy page is grouped by this."""

    HELPING = "helping", _("Wenn Sie mitmachen")
    COMING = "coming", _("Wenn Sie zu einem Termin kommen")
    LOOKING = "looking", _("Wenn Sie eine Begleitung suchen")
    ASKING_FOR_OTHERS = "others", _("Wenn Sie für andere eine Begleitung suchen")
    READING = "reading", _("Wenn Sie den Newsletter oder eine Suche per Mail bekommen")
    ASKING = "asking", _("Wenn Sie eine Frage stellen")
    WORKING = "working", _("Wenn Sie im Portal arbeiten")
    EVERYBODY = "everybody", _("Für alle, damit das Portal sicher läuft")


@dataclass(frozen=True, kw_only=True)
class Processing:
    """One activity of the register (Art. 30 GDPR: Verzeichnis der Verarbeitungstätigkeiten).

    ``fields`` says what is kept, by model and field; each field of the portal is in exactly one
    activity or is declared impersonal (``impersonal.py``). ``owned_by`` gives for each model the
    lookups from a row to the mail address of the person whom these fields are about: several when a
    row is about several people, none when rows cannot be found by person. An address may be that of
    several people, so ``owning.py`` also asks for the name that stands beside it. ``kept`` are sentences
    made from the settings that the retention job uses.
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
    def keeps_language(self) -> bool:
        return any(LANGUAGE in names for names in self.fields.values())

    @property
    def kept_until(self) -> list[str]:
        """The sentences, rendered with the present settings."""
        return [sentence() for sentence in self.kept]
