"""What is asked of somebody who wants to hear of new offers: the address and the language."""

from typing import Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from volunteers.forms.emails import ConfirmedEmailField
from volunteers.forms.reading import ReadsForm
from volunteers.forms.worded import WordedForm
from volunteers.guard.forms import GuardedForm
from volunteers.models.users import normalise_email

from .wanted import LONGEST, Wanted, kept_query

LONGEST_TYPED = 8 * LONGEST
"""What comes back in the hidden field may be written more clumsily than what is kept."""


class LanguageForm(WordedForm, ReadsForm):
    """The mails of all searches of an address are in one language."""


class AskForm(GuardedForm, LanguageForm):
    limit = "saved_search"
    required_words = {
        "email": _("Bitte schreiben Sie Ihre E-Mail-Adresse. Dorthin schicken wir neue Angebote."),
    }
    field_order = ("email", "preferred_language")

    email = ConfirmedEmailField()
    query = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean_query(self) -> str:
        """Whatever comes in, only what the catalogue knows is kept."""
        typed: str = self.cleaned_data["query"]
        query = kept_query(typed) if len(typed) <= LONGEST_TYPED else typed
        if len(query) > LONGEST:
            self.add_error(None, __("Diese Suche ist zu lang. Nehmen Sie bitte etwas heraus."))
        return query

    @property
    def wanted(self) -> Wanted:
        """The search that the page is about."""
        typed = str(self["query"].value() or "")
        return Wanted(kept_query(typed) if len(typed) <= LONGEST_TYPED else "")

    def answers(self) -> dict[str, Any]:
        """For the services; call it on a valid form only."""
        return {name: self.cleaned_data[name] for name in ("email", "query", "preferred_language")}
