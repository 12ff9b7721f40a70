"""„Begleitung zu einem Termin“: the form, in very simple German."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from programs.models import District
from programs.models.choices import LANGUAGES_IN_OWN_SCRIPT, Language
from programs.phone_fields import PhoneFormField

from ..models import DateRequest
from ..models.users import normalise_email
from ..names import NameFormField
from ..validators import validate_single_line
from .emails import ConfirmedEmailField
from .reading import ReadsForm
from .steps import Step, StepsForm
from .worded import WordedForm

STEPS = (
    Step(1, _("Was brauchen Sie?"), ("kind", "language", "to_language", "topic")),
    Step(2, _("Wann und wo?"), ("day", "time", "minutes", "district", "place")),
    Step(3, _("Wer sind Sie?"), ("asker", "name", "email", "phone", "preferred_language")),
    Step(4, _("Prüfen und abschicken"), ()),
)


class DateForm(StepsForm, ReadsForm, WordedForm):
    """``answers()`` are the columns of a ``DateRequest``; day and time are one moment in Stuttgart."""

    limit = "date_request"
    steps = STEPS
    required_words = {
        "kind": _("Bitte wählen Sie aus, was Sie brauchen."),
        "language": _("Bitte wählen Sie die Sprache."),
        "topic": _("Bitte wählen Sie aus, worum es geht."),
        "day": _("Bitte schreiben Sie, an welchem Tag der Termin ist."),
        "time": _("Bitte schreiben Sie, um wie viel Uhr der Termin beginnt."),
        "minutes": _("Bitte wählen Sie aus, wie lange es etwa dauert."),
        "district": _("Bitte wählen Sie den Stadtbezirk, in dem der Termin ist."),
        "place": _("Bitte schreiben Sie, wohin die Begleitung kommen soll."),
        "asker": _("Bitte wählen Sie aus, für wen Sie fragen."),
        "name": _("Bitte schreiben Sie einen Namen."),
        "email": _("Bitte schreiben Sie Ihre E-Mail-Adresse. Dorthin schicken wir die Antwort."),
    }

    kind = forms.ChoiceField(
        label=_("Was brauchen Sie?"),
        choices=[
            (DateRequest.Kind.COMPANY, _("Jemand kommt mit")),
            (DateRequest.Kind.INTERPRETING, _("Jemand kommt mit und übersetzt")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("In welcher Sprache?"),
        choices=[("", _("Bitte wählen")), *LANGUAGES_IN_OWN_SCRIPT],
        help_text=_("Diese Sprache soll die Begleitung sprechen."),
    )
    to_language = forms.ChoiceField(
        label=_("In welche Sprache soll jemand übersetzen?"),
        choices=[("", _("Deutsch")), *LANGUAGES_IN_OWN_SCRIPT[1:]],
        required=False,
        help_text=_("Nur wichtig, wenn jemand übersetzen soll."),
    )
    topic = forms.ChoiceField(
        label=_("Worum geht es?"),
        choices=DateRequest.Topic.choices,
        help_text=_("Mehr müssen Sie nicht sagen."),
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=_("An welchem Tag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Das ist kein Tag. Ein Beispiel: 24.11.2026")},
    )
    time = forms.TimeField(
        label=_("Um wie viel Uhr beginnt es?"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Das ist keine Uhrzeit. Ein Beispiel: 10:00")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Wie lange dauert es etwa?"),
        choices=DateRequest.Minutes.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    district = forms.ModelChoiceField(
        label=_("In welchem Stadtbezirk ist der Termin?"),
        queryset=District.objects.all(),
        empty_label=_("Bitte wählen"),
    )
    place = forms.CharField(
        label=_("Wohin genau?"),
        max_length=200,
        validators=[validate_single_line],
        help_text=_(
            "Straße und Hausnummer, vielleicht ein Treffpunkt. Das sehen nur das Sozialamt und die Person, "
            "die kommt."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    asker = forms.ChoiceField(
        label=_("Für wen fragen Sie?"),
        choices=DateRequest.Asker.choices,
        widget=forms.RadioSelect,
    )
    name = NameFormField(
        label=_("Wie dürfen wir Sie nennen?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = ConfirmedEmailField()
    phone = PhoneFormField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Wenn die Person, die kommt, Sie anrufen darf."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "dir": "ltr"}),
    )

    def in_words(self, step: Step) -> list[tuple[str, str]]:
        """Without the second language where nobody has to translate."""
        rows = super().in_words(step)
        if self.cleaned_data.get("kind") == DateRequest.Kind.INTERPRETING:
            return rows
        return [row for row in rows if row[0] != str(self.base_fields["to_language"].label)]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("day") and data.get("time"):
            self._check_moment(datetime.datetime.combine(data["day"], data["time"]))
        if data.get("kind") == DateRequest.Kind.INTERPRETING:
            data["to_language"] = data.get("to_language") or Language.GERMAN.value
            if data["to_language"] == data.get("language"):
                text = _("Bitte wählen Sie zwei verschiedene Sprachen.")
                self.add_error("to_language", text)
        else:
            data["to_language"] = ""
        return super().clean()

    def _check_moment(self, typed: datetime.datetime) -> None:
        moment = timezone.make_aware(typed.replace(second=0, microsecond=0))
        if timezone.localtime(moment.astimezone(datetime.UTC)).replace(tzinfo=None) != typed:
            text = _("Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird vorgestellt.")
            self.add_error("time", text)
            return
        self.cleaned_data["starts_at"] = moment
        now = timezone.now()
        if moment < now:
            self.add_error("day", _("Dieser Termin ist schon vorbei."))
        elif moment < now + datetime.timedelta(hours=settings.DATE_AHEAD_HOURS):
            text = _("Das ist leider zu bald. Wir brauchen mindestens %(hours)d Stunden.")
            self.add_error("day", text % {"hours": settings.DATE_AHEAD_HOURS})
        elif moment > now + datetime.timedelta(days=settings.DATE_AHEAD_DAYS):
            last = timezone.localdate() + datetime.timedelta(days=settings.DATE_AHEAD_DAYS)
            text = _("Das ist noch zu lange hin. Fragen können Sie für Termine bis zum %(day)s.")
            self.add_error("day", text % {"day": date_format(last)})

    def answers(self) -> dict[str, Any]:
        """The validated values for the service; call it on a valid form only."""
        names = [name for one in STEPS for name in one.names if name not in {"day", "time"}]
        return {name: self.cleaned_data[name] for name in (*names, "starts_at")}
