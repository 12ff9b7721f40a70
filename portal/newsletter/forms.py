"""What somebody wants to hear of: when they ask for the newsletter, and when they change it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.models import District, Language
from volunteers.forms.emails import ConfirmedEmailField
from volunteers.forms.pills import Pills
from volunteers.forms.reading import language_of_page
from volunteers.forms.worded import WordedForm
from volunteers.guard.forms import GuardedForm
from volunteers.models.users import normalise_email

from .models import Subscription, Topic

EXPLAINED = {
    Topic.NEWS: _("Was sich in Stuttgart tut: neue Angebote, Geschichten, wichtige Termine."),
    Topic.TRAININGS: _("Wann Sie etwas lernen können, und wie Sie sich anmelden."),
    Topic.OPPORTUNITIES: _("Wo gerade jemand gebraucht wird."),
    Topic.ORGANISATIONS: _(
        "Für alle, die in einem Freundeskreis, einer Initiative oder bei einem Träger mitarbeiten."
    ),
}


def topic_choices() -> list[tuple[str, str]]:
    """Each topic with a sentence that says what to expect."""
    html = "<span>{}<small>{}</small></span>"
    return [(one.value, format_html(html, one.label, EXPLAINED[one])) for one in Topic]


def languages(*, present: str = "") -> list[tuple[str, str]]:
    """Those in which issues are written, and the ``present`` one of a subscription."""
    written = [*settings.NEWSLETTER_LANGUAGES, present]
    return [(one.value, str(one.label)) for one in Language if one.value in written]


class ChoiceForm(WordedForm):
    """Topics, districts and language; ``answers()`` are for the services."""

    required_words = {
        "topics": _("Bitte wählen Sie mindestens ein Thema."),
        "language": _("Bitte wählen Sie eine Sprache."),
    }

    topics = forms.MultipleChoiceField(
        label=_("Worüber möchten Sie lesen?"),
        choices=topic_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("Stadtbezirke für neue Einsätze"),
        queryset=District.objects.all(),
        required=False,
        help_text=_("Ohne Auswahl schicken wir Ihnen die neuen Einsätze aus ganz Stuttgart."),
        widget=Pills(shown=0, in_columns=True),
    )
    language = forms.ChoiceField(
        label=_("In welcher Sprache?"),
        help_text=_(
            "Auf Deutsch kommt jede Ausgabe. In anderen Sprachen kommt, was wir übersetzen."
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = languages(present=present)
        field = self.fields["language"]
        field.choices = found  # type: ignore[attr-defined]  # it is a choice field
        field.initial = settings.NEWSLETTER_LANGUAGES[0]
        if len(found) == 1:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = data.get("topics")
        dropped = Topic.OPPORTUNITIES in (self.initial.get("topics") or ())
        if chosen and Topic.OPPORTUNITIES not in chosen and data.get("districts") and not dropped:
            text = __(
                "Sie haben Stadtbezirke gewählt. Wählen Sie bitte auch „%(topic)s“, oder nehmen Sie die "
                "Stadtbezirke wieder heraus."
            )
            self.add_error("districts", text % {"topic": Topic.OPPORTUNITIES.label})
        return data

    def answers(self) -> dict[str, Any]:
        """The validated values; call it on a valid form only."""
        return {name: self.cleaned_data[name] for name in ("topics", "districts", "language")}


class SubscribeForm(GuardedForm, ChoiceForm):
    limit = "newsletter"
    required_words = {
        **ChoiceForm.required_words,
        "email": _("Bitte schreiben Sie Ihre E-Mail-Adresse. Dorthin schicken wir den Newsletter."),
    }
    field_order = ("topics", "districts", "language", "email")

    email = ConfirmedEmailField()

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def answers(self) -> dict[str, Any]:
        """With the language of the page, for the mail that asks to confirm."""
        own = {"email": self.cleaned_data["email"], "preferred_language": language_of_page()}
        return super().answers() | own


def chosen_by(subscription: Subscription) -> dict[str, Any]:
    """The initial values of a :class:`ChoiceForm`."""
    return {
        "topics": subscription.topics,
        "districts": list(subscription.districts.all()),
        "language": subscription.language,
    }
