"""What the guardian of a child answers, on the page of the link or on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import CompanionRequest
from ..names import NameFormField
from ..services.guardians import Agreement
from ..validators import validate_text
from .worded import WordedForm


class AgreementForm(WordedForm):
    """The guardian's yes, by name; from 14 on what the child says in its own words."""

    required_words = {
        "agreed_name": _("Bitte schreiben Sie Ihren Namen. Jede Schrift ist richtig."),
        "agrees": _("Ohne Ihr Ja suchen wir niemanden für Ihr Kind."),
        "child_words": _("Bitte fragen Sie Ihr Kind und schreiben Sie auf, was es sagt."),
    }

    agreed_name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        help_text=_("In Ihrer Schrift, so wie Sie ihn schreiben."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    child_words = forms.CharField(
        label=_("Was sagt Ihr Kind dazu?"),
        max_length=500,
        validators=[validate_text],
        help_text=_(
            "Ab 14 Jahren sagt auch Ihr Kind selbst Ja. Ein Satz in seinen Worten genügt, in jeder Sprache."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    agrees = forms.BooleanField(
        label=_(
            "Ich habe die Sorge für dieses Kind. Ja, Sie dürfen eine Begleitung für mein Kind suchen."
        )
    )

    def __init__(self, *args: Any, request: CompanionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not request.child_has_a_say:
            del self.fields["child_words"]

    def agreement(self) -> Agreement:
        """Call it on a valid form only."""
        data = self.cleaned_data
        return Agreement(name=data["agreed_name"], child_words=data.get("child_words", ""))


class PaperForm(AgreementForm):
    """A coordinator notes what is on paper; the paper stays with the coordination."""

    required_words = AgreementForm.required_words | {
        "agrees": _("Ohne die Unterschrift darf die Suche nicht beginnen.")
    }

    def __init__(self, *args: Any, request: CompanionRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        for name, label, text in WORDS_ON_PAPER:
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, text
        if not request.is_for_child:
            self.fields["agrees"].label = _("Die Unterschrift liegt auf Papier vor.")


WORDS_ON_PAPER = (
    (
        "agreed_name",
        _("Wer hat unterschrieben?"),
        _("Name wie auf dem Papier, in jeder Schrift."),
    ),
    (
        "child_words",
        _("Was sagt das Kind?"),
        _("In seinen eigenen Worten, wie auf dem Papier. Ab 14 Jahren nötig."),
    ),
    (
        "agrees",
        _("Die Unterschrift von Mutter, Vater oder wer sonst die Sorge hat, liegt vor."),
        "",
    ),
)
