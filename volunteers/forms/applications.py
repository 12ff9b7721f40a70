"""The sign-up form and what belongs to it."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import DayPart, District, Field, Language, Weekday

from ..guard.forms import GuardedForm
from ..models import Application, Gender
from ..models.users import normalise_email
from ..services.applications import SignUp
from ..validators import validate_single_line, validate_text
from .worded import WordedForm

REQUIRED = {
    "name": _("Bitte sagen Sie uns, wie Sie heißen."),
    "email": _("Bitte geben Sie Ihre E-Mail-Adresse an; dorthin schicken wir die Antwort."),
    "age": _("Bitte wählen Sie aus, wie alt Sie sind."),
    "consent": _("Ohne Ihre Einwilligung dürfen wir die Anmeldung nicht bearbeiten."),
}


class ProfileForm(WordedForm):
    """What somebody tells about themselves: asked at sign-up, changeable on the status page."""

    required_words = REQUIRED

    name = forms.CharField(
        label=_("Wie heißen Sie?"),
        max_length=120,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        validators=[validate_single_line],
        help_text=_("Wenn Sie lieber angerufen werden."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    age = forms.ChoiceField(
        label=_("Wie alt sind Sie?"),
        choices=Application.Age.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Mitmachen können alle ab 16 Jahren. Wenn Sie noch nicht 18 sind, brauchen wir vor dem "
            "Start das Einverständnis eines Elternteils."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Welche Sprachen sprechen Sie?"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("In welchen Stadtbezirken?"),
        queryset=District.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    fields_of_engagement = forms.ModelMultipleChoiceField(
        label=_("Was interessiert Sie?"),
        queryset=Field.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("An welchen Tagen haben Sie Zeit?"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    dayparts = forms.MultipleChoiceField(
        label=_("Zu welcher Tageszeit?"),
        choices=DayPart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("Möchten Sie uns noch etwas sagen?"),
        max_length=2000,
        required=False,
        validators=[validate_text],
        help_text=_(
            "Bitte nichts über Gesundheit, Religion oder Aufenthaltsstatus, auch nicht von anderen."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    MORE = ("languages", "districts", "fields_of_engagement", "weekdays", "dayparts")
    """Fields that sharpen the answer but may be left alone."""

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def has_more(self) -> bool:
        """Whether something in the optional part is filled in or wrong, so that it opens."""
        return any(self[name].value() or self.errors.get(name) for name in self.MORE)

    def sign_up(self, email: str) -> SignUp:
        """The checked values, for the services; call it on a valid form only."""
        data = self.cleaned_data
        return SignUp(
            email=email,
            name=data["name"],
            phone=data["phone"],
            age=data["age"],
            message=data["message"],
            languages=data["languages"],
            weekdays=data["weekdays"],
            dayparts=data["dayparts"],
            districts=list(data["districts"]),
            fields=list(data["fields_of_engagement"]),
        )


class TandemProfileForm(ProfileForm):
    """For those whose programme makes tandems."""

    gender = forms.ChoiceField(
        label=_("Geschlecht"),
        choices=[("", _("Möchte ich nicht sagen")), *Gender.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Manche Menschen wünschen sich eine Frau oder einen Mann als Begleitung. Nur dafür "
            "fragen wir. Ohne Angabe schlagen wir Sie diesen Menschen nicht vor."
        ),
    )
    tandem_limit = forms.IntegerField(
        label=_("Wie viele Menschen möchten Sie zur gleichen Zeit begleiten?"),
        min_value=1,
        max_value=5,
        help_text=_("Eine Zahl von 1 bis 5. Die meisten begleiten einen Menschen."),
        error_messages={
            name: _("Bitte geben Sie eine Zahl von 1 bis 5 ein.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )

    def sign_up(self, email: str) -> SignUp:
        names = ("gender", "tandem_limit")
        tandem = {name: self.cleaned_data[name] for name in names}
        return replace(super().sign_up(email), tandem=tandem)


class SignUpForm(GuardedForm, ProfileForm):
    limit = "sign_up"

    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        help_text=_(
            "Wir schicken Ihnen gleich eine Mail mit einem Link, der die Anmeldung bestätigt."
        ),
        error_messages={
            "invalid": _(
                "Diese E-Mail-Adresse ist nicht vollständig. Ein Beispiel: name@example.org"
            )
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass meine Angaben für diese Anmeldung genutzt werden.")
    )

    field_order = ["name", "email", "phone", "age", "message", "consent"]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


def initial_of(application: Application) -> dict[str, Any]:
    """What the form shows when somebody changes what they told."""
    names = "name phone age message languages weekdays dayparts gender tandem_limit".split()
    return {
        **{name: getattr(application, name) for name in names},
        "districts": application.districts.all(),
        "fields_of_engagement": application.fields.all(),
    }
