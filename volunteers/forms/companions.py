"""„Ich suche eine Begleitung“: the form, in very simple German."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from programs.models import DayPart, District, Field, Programme, Weekday
from programs.models.choices import LANGUAGES_IN_OWN_SCRIPT

from ..guard import sent
from ..models import CompanionRequest
from ..models.companions import WANTED
from ..models.families import MOST_PEOPLE, ChildAge, Companions, For
from ..models.users import normalise_email
from ..names import NameFormField
from ..validators import validate_text
from .asked_for import word_for
from .behalf import BehalfForm, asker_in, of_others
from .emails import ConfirmedEmailField
from .phones import PhoneField
from .pills import ExplainedFields, Pills
from .reading import ReadsForm
from .revised import RevisedMixin
from .steps import Step, StepsForm
from .worded import WordedForm

REQUIRED = {
    "child_name": _("Bitte schreiben Sie einen Vornamen."),
    "name": _("Bitte schreiben Sie einen Namen. Es muss nicht Ihr richtiger Name sein."),
    "email": _("Bitte schreiben Sie Ihre E-Mail-Adresse. Dorthin schicken wir die Antwort."),
    "languages": _("Bitte wählen Sie mindestens eine Sprache, die Sie sprechen."),
    "age_group": _("Bitte wählen Sie aus, wie alt Sie sind."),
    "consent": _("Ohne Ihr Ja dürfen wir niemanden für Sie suchen."),
    "programme": _("Bitte wählen Sie ein Programm oder „Ich weiß es nicht“."),
}
STEPS = (
    Step(1, _("Was Sie suchen"), ("asked_for", "programme", "languages", "fields_of_need")),
    Step(2, _("Wer, wann und wo"), ("wish", "people", "companions", "weekdays", "dayparts", "district")),
    Step(
        3,
        _("Namen und Adressen"),
        (
            "child_name", "age_group", "guardian_name", "guardian_email", "guardian_phone",
            "name", "place", "email", "phone", "preferred_language", "tell_asker",
        ),
    ),
    Step(4, _("Prüfen und abschicken"), ("note", "consent")),
)  # fmt: skip
DONT_KNOW = "-"
"""Value of the choice „Ich weiß es nicht“: then the Sozialamt looks after the request."""


class WantedForm(ReadsForm, WordedForm):
    """What people who look for a companion are asked; they can change it on the status page."""

    required_words = REQUIRED

    name = NameFormField(
        label=_("Wie dürfen wir Sie nennen?"),
        max_length=60,
        help_text=_("Vorname oder ein anderer Name. Ihren Familiennamen brauchen wir nicht."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "dir": "auto"}),
    )
    phone = PhoneField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Wenn Sie lieber angerufen werden oder eine Nachricht bekommen."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "dir": "ltr"}),
    )
    age_group = forms.ChoiceField(
        label=_("Wie alt sind Sie?"),
        choices=CompanionRequest.AgeGroup.choices,
        widget=forms.RadioSelect,
    )
    child_name = NameFormField(
        label=_("Wie heißt Ihr Kind?"),
        max_length=60,
        help_text=_("Nur der Vorname. Er steht nirgends öffentlich."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Welche Sprachen sprechen Sie?"),
        choices=LANGUAGES_IN_OWN_SCRIPT,
        help_text=_("Auch ein wenig zählt. Fragen Sie für jemand anderen, dann dessen Sprachen."),
        widget=Pills(in_columns=True),
    )
    fields_of_need = ExplainedFields(
        label=_("Wobei wünschen Sie sich Begleitung?"),
        queryset=Field.objects.all(),
        required=False,
        widget=Pills(shown=10, in_columns=True),
    )
    district = forms.ModelChoiceField(
        label=_("In welchem Stadtbezirk wohnen Sie?"),
        queryset=District.objects.all(),
        required=False,
        empty_label=_("Möchte ich nicht sagen"),
        help_text=_("Keine Straße, nur der Stadtbezirk. So finden wir jemanden in Ihrer Nähe."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("An welchen Tagen haben Sie Zeit?"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=Pills,
    )
    dayparts = forms.MultipleChoiceField(
        label=_("Wann am Tag?"),
        choices=DayPart.choices,
        required=False,
        widget=Pills,
    )
    wish = forms.ChoiceField(
        label=_("Wen wünschen Sie sich als Begleitung?"),
        choices=[("", _("Das ist mir egal")), *CompanionRequest.Wish.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    people = forms.IntegerField(
        label=_("Für wie viele Menschen suchen Sie?"),
        help_text=_("Nur für einen Menschen: 1. Für eine Familie oder eine Gruppe: alle zusammen."),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Bitte geben Sie eine Zahl von 1 bis 30 ein.")
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    companions = forms.TypedChoiceField(
        label=_("Wie viele Begleitungen?"),
        choices=Companions.choices,
        coerce=int,
        initial=Companions.ONE.value,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Was sollen wir noch wissen?"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        help_text=_(
            "Bitte schreiben Sie nichts über Aufenthalt oder Asyl, nichts über Krankheiten und "
            "nichts über Religion. Das brauchen wir nicht. Schreiben Sie es auch nicht über andere."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, asked_for: str = For.SELF, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom = For(asked_for) if asked_for in For.values else For.SELF
        word_for(self.fields, self.whom)

    def clean_people(self) -> int:
        return int(self.cleaned_data["people"] or 1)

    def clean_companions(self) -> int:
        return int(self.cleaned_data["companions"] or Companions.ONE)

    def asked(self) -> list[forms.BoundField]:
        return [self[key_of(name)] for name in WANTED if key_of(name) in self.fields]

    def answers(self) -> dict[str, Any]:
        """The validated values for the services; call it on a valid form only."""
        data = self.cleaned_data
        found = {name: data[key_of(name)] for name in WANTED if key_of(name) in data}
        if found.get("age_group") in ChildAge.values:
            found["child_age"] = found["age_group"]
            found["age_group"] = CompanionRequest.AgeGroup.MINOR.value
        return found


class RequestForm(BehalfForm, StepsForm, WantedForm):
    """The public form; if there are several programmes, it asks which one.

    ``email`` is the mailbox of whoever fills it in.
    """

    limit = "companion_request"
    steps = STEPS

    email = ConfirmedEmailField()
    programme = forms.ChoiceField(label=_("Welches Programm?"), widget=forms.RadioSelect)
    consent = forms.BooleanField(
        label=_("Ja, Sie dürfen meine Angaben nutzen, um eine Begleitung für mich zu suchen.")
    )

    field_order = [name for step in STEPS for name in step.names]

    def __init__(
        self,
        data: QueryDict | None = None,
        *args: Any,
        programmes: list[Programme],
        request: HttpRequest,
        asked_for: str = "",
        **kwargs: Any,
    ) -> None:
        typed = data if data is not None else sent.typed(request, self.limit)
        kwargs["asked_for"] = asked_for or (typed or QueryDict()).get("asked_for", "")
        super().__init__(data, *args, request=request, **kwargs)
        self._offer(programmes)

    def _offer(self, programmes: list[Programme]) -> None:
        self.programmes = {programme.slug: programme for programme in programmes}
        if len(programmes) < 2 or "programme" not in self.fields:
            self.fields.pop("programme", None)
            return
        known = [(slug, programme.said("title")) for slug, programme in self.programmes.items()]
        unknown = (DONT_KNOW, _("Ich weiß es nicht"))
        cast("forms.ChoiceField", self.fields["programme"]).choices = [*known, unknown]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        self.require_guardian()
        return super().clean()

    def answers(self) -> dict[str, Any]:
        found = super().answers()
        return of_others(self.cleaned_data, found) if self.whom == For.CARED else found

    def asker(self) -> dict[str, Any] | None:
        """Who asks for others; None for oneself and for one's own child."""
        return asker_in(self.cleaned_data) if self.whom == For.CARED else None

    def chosen(self) -> Programme | None:
        """The only programme, the chosen one, or None for „weiß ich nicht“."""
        if len(self.programmes) == 1:
            return next(iter(self.programmes.values()))
        return self.programmes.get(self.cleaned_data.get("programme", DONT_KNOW))


class RevisedWantedForm(RevisedMixin, WantedForm):
    """The same questions again, with the answers of ``initial``. A child's age is no longer asked.

    From 14 on the child agrees, too, so it is the coordination that changes the age.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.whom == For.CHILD:
            del self.fields["age_group"]


def initial_of(request: CompanionRequest) -> dict[str, Any]:
    """The initial values when somebody changes their answers."""
    values = {name: getattr(request, name) for name in WANTED} | {"fields": request.fields.all()}
    return {key_of(name): value for name, value in values.items()}


def key_of(name: str) -> str:
    """The form's name of a model field; a form cannot have a field named ``fields``."""
    return "fields_of_need" if name == "fields" else name
