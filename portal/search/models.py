"""What staff teach the search, and what it could not find."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.history import tracked

from .words import stem, words


@tracked()
class SynonymGroup(models.Model):
    """Words that the search takes for one another, in all languages."""

    name = models.CharField(_("Thema"), max_length=60, unique=True)
    words = models.TextField(
        _("Wörter"),
        max_length=2000,
        help_text=_(
            "Mit Komma getrennt, eine Zeile je Sprache. Wer eines davon sucht, findet auch Angebote "
            "mit den anderen. Endungen müssen nicht dazu: „Nachbar“ findet auch „Nachbarn“."
        ),
    )

    class Meta:
        verbose_name = _("Gruppe gleicher Wörter")
        verbose_name_plural = _("Wörter der Suche")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def stems(self) -> set[str]:
        """The words as the index has them; of a name with several words each."""
        return {stem(word) for word in words(self.words)}


class MissedWord(models.Model):
    """A word that was looked for and not found: counted, without anything about who asked.

    The word itself is stored only when it was looked for on :data:`DAYS` different days, so that no name
    that somebody typed once can be read. Before that there is a keyed hash.
    """

    DAYS = 5

    digest = models.CharField(max_length=64, unique=True, editable=False)
    word = models.CharField(_("Wort"), max_length=40, blank=True)
    count = models.PositiveIntegerField(_("gesucht"), default=1, db_default=1)
    days = models.PositiveIntegerField(_("an Tagen"), default=1, db_default=1)
    last_day = models.DateField(_("zuletzt"))

    class Meta:
        verbose_name = _("vergeblich gesuchtes Wort")
        verbose_name_plural = _("Was gesucht und nicht gefunden wurde")
        ordering = ["-days", "-count", "word"]

    def __str__(self) -> str:
        return self.word
