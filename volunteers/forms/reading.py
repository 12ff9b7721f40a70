"""The question in which language the portal writes; it shows the language of the page, so it costs no tap."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..models.reading import tag_of


def language_of_page() -> str:
    return get_language() or str(settings.LANGUAGE_CODE)


def own_names() -> list[tuple[str, Any]]:
    """Each language as its readers call it."""
    return list(settings.LANGUAGES)


class LanguagesSelect(forms.Select):
    """Each choice says in which language it is written."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"] |= {"lang": tag_of(str(value)), "dir": "auto"}
        return option


class PreferredLanguageField(forms.ChoiceField):
    """Without an answer, as from a page that was open before, the language of the page counts."""

    widget = LanguagesSelect
    default_error_messages = {"required": _("Bitte wählen Sie die Sprache.")}

    def __init__(self, **options: Any) -> None:
        label = _("In welcher Sprache sollen wir Ihnen schreiben?")
        own: dict[str, Any] = {"label": label, "choices": own_names, "initial": language_of_page}
        super().__init__(**{**own, **options})
        self.of_page = True

    def ask_for_others(self) -> None:
        """Somebody else fills in the form, so the language of the page says nothing about the reader."""
        self.of_page = False
        self.initial = ""
        self.choices = [("", _("Bitte wählen")), *own_names()]

    def clean(self, value: Any) -> Any:
        return super().clean(value or (language_of_page() if self.of_page else value))


class ReadsForm(forms.Form):
    """A public form after which the portal writes to whoever fills it in."""

    preferred_language = PreferredLanguageField()
