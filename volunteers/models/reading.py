"""In which language the portal writes to a person: asked on each form, never guessed from a name.

Every record by which the portal writes to somebody has the column; ``notifications/speaking.py`` reads it.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.choices import Language

LONGEST_CODE = 35
"""Of a language tag (RFC 5646, 4.4.1)."""
TAGS = {"leichte-sprache": "de-simple"}
"""Language tags for HTML, HTTP and mails (BCP 47) where Django's code is not one."""
LABEL = _("Sprache der Mails")


def named_languages() -> list[tuple[str, Any]]:
    """The languages of the portal with the names that staff reads; one of its own, as it calls itself."""
    known = dict(Language.choices)
    return [(code, known.get(code, name)) for code, name in settings.LANGUAGES]


if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField


class PreferredLanguageField(CharField):
    """The code of a language of the portal. Migrations do not name them, so a new one needs none."""

    def __init__(self, verbose_name: Any = LABEL, **options: Any) -> None:
        own = {"choices": named_languages, "max_length": LONGEST_CODE}
        default = {"default": settings.LANGUAGE_CODE, "db_default": settings.LANGUAGE_CODE}
        super().__init__(verbose_name, **{**own, **default, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for own in ("choices", "max_length", "default", "db_default"):
            options.pop(own, None)
        return name, path, args, options

    def formfield(self, **options: Any) -> Any:
        """Nobody is asked for it where it does not stand, as in a list of an older form."""
        field: Any = super().formfield(**options)
        field.required = False
        return field


class ReadsMixin(models.Model):
    """A record of somebody whom the portal writes to."""

    preferred_language = PreferredLanguageField()

    class Meta:
        abstract = True


def tag_of(code: str) -> str:
    return TAGS.get(code, code)


def known_language(code: str) -> str:
    """``code``, or German where the portal no longer speaks that language."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
