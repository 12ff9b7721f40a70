"""How much of a record is translated, as a column of its list."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Translated
from ..models.translated import GERMAN


class TranslatedMixin:
    """For lists whose rows have their texts: no further query."""

    @admin.display(description=_("Übersetzt"))
    def translated_label(self, record: Translated) -> str:
        """„36 von 42“: the texts of all languages together; „–“ where there is nothing to translate."""
        languages = [code for code, _name in settings.LANGUAGES if code != GERMAN]
        wanted = len(record.to_translate()) * len(languages)
        done = sum(len(record.translated(code)) for code in languages)
        if not wanted:
            return "–"
        return (gettext("%(done)d von %(wanted)d") % {"done": done, "wanted": wanted}).replace(
            " ", "\N{NO-BREAK SPACE}"
        )
