"""What the questions about a companion are called: for oneself, for a child, for somebody one looks after."""

from typing import TYPE_CHECKING, NamedTuple, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import CompanionRequest
from ..models.families import ChildAge, For
from .reading import PreferredLanguageField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AgeGroup = CompanionRequest.AgeGroup
GROWN_UP = [(one.value, one.label) for one in AgeGroup if one != AgeGroup.MINOR]


class Words(NamedTuple):
    label: "_StrPromise"
    help_text: "_StrPromise | str | None" = None
    """None: as it is."""
    required: "_StrPromise | None" = None


FOR_CHILD = {
    "name": Words(
        _("Wie dürfen wir Sie nennen?"),
        _("Ihr eigener Name: von Mutter, Vater oder wer sonst die Sorge hat."),
        _("Bitte schreiben Sie Ihren Namen."),
    ),
    "age_group": Words(
        _("Wie alt ist Ihr Kind?"),
        _("Das Geburtsdatum brauchen wir nicht."),
        _("Bitte wählen Sie aus, wie alt Ihr Kind ist."),
    ),
    "languages": Words(
        _("Welche Sprachen sprechen Ihr Kind und Sie?"),
        None,
        _("Bitte wählen Sie mindestens eine Sprache."),
    ),
    "fields_of_need": Words(_("Wobei wünscht sich Ihr Kind Begleitung?")),
    "weekdays": Words(_("An welchen Tagen hat Ihr Kind Zeit?")),
    "wish": Words(_("Wen wünschen Sie sich als Begleitung für Ihr Kind?")),
    "consent": Words(
        _(
            "Ja, ich habe die Sorge für dieses Kind. Sie dürfen diese Angaben nutzen, um eine Begleitung für "
            "mein Kind zu suchen."
        )
    ),
}
FOR_CARED = {
    "child_name": Words(_("Wie heißt der Mensch, für den Sie fragen?"), _("Nur der Vorname.")),
    "name": Words(
        _("Wie heißen Sie selbst?"),
        _("Damit die Familie weiß, wer gefragt hat."),
        _("Bitte schreiben Sie Ihren Namen."),
    ),
    "age_group": Words(
        _("Wie alt ist der Mensch, für den Sie fragen?"),
        _("Das Geburtsdatum brauchen wir nicht."),
        _("Bitte wählen Sie das Alter aus."),
    ),
    "languages": Words(
        _("Welche Sprachen spricht der Mensch, für den Sie fragen?"),
        None,
        _("Bitte wählen Sie mindestens eine Sprache."),
    ),
    "fields_of_need": Words(_("Wobei soll die Begleitung helfen?")),
    "district": Words(_("In welchem Stadtbezirk wohnt der Mensch?")),
    "weekdays": Words(_("An welchen Tagen passt es?")),
    "wish": Words(_("Wen wünscht sich der Mensch als Begleitung?")),
    "email": Words(
        _("Ihre E-Mail"),
        _("Wir schicken Ihnen gleich eine Mail. Darin ist ein Link zum Bestätigen."),
    ),
    "preferred_language": Words(
        _("In welcher Sprache sollen wir der Familie oder dem Menschen selbst schreiben?")
    ),
    "consent": Words(
        _(
            "Ja, ich habe mit der Familie oder dem Menschen selbst gesprochen. Ich darf diese Angaben weitergeben, "
            "damit das Portal dort nach der Einwilligung fragt."
        ),
        None,
        _("Bitte sprechen Sie zuerst mit der Familie oder dem Menschen selbst."),
    ),
}
WORDS = {For.SELF: {}, For.CHILD: FOR_CHILD, For.CARED: FOR_CARED}
AGES = {
    For.SELF: GROWN_UP,
    For.CHILD: ChildAge.choices,
    For.CARED: [*ChildAge.choices, *GROWN_UP],
}
ONLY_FOR = {
    "child_name": (For.CHILD, For.CARED),
    "guardian_name": (For.CARED,),
    "guardian_email": (For.CARED,),
    "guardian_phone": (For.CARED,),
    "place": (For.CARED,),
    "tell_asker": (For.CARED,),
    "phone": (For.SELF, For.CHILD),
    "people": (For.SELF, For.CARED),
}
"""Fields that are not asked always."""


def word_for(fields: dict[str, forms.Field], asked_for: For) -> None:
    """Leave the questions for ``asked_for``, in its words."""
    for name, whom in ONLY_FOR.items():
        if asked_for not in whom:
            fields.pop(name, None)
    if "age_group" in fields:
        cast("forms.ChoiceField", fields["age_group"]).choices = AGES[asked_for]
    if asked_for == For.CARED and "preferred_language" in fields:
        cast("PreferredLanguageField", fields["preferred_language"]).ask_for_others()
    for name, words in WORDS[asked_for].items():
        if (field := fields.get(name)) is None:
            continue
        field.label = words.label
        if words.help_text is not None:
            field.help_text = words.help_text
        if words.required is not None:
            field.error_messages["required"] = words.required
