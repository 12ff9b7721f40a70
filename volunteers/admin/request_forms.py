"""Forms for the admin of requests."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.admin.forms import ScopedModelForm
from programs.models import Organisation

from ..models import CompanionRequest
from ..models.companions import RequestStatus
from ..models.families import Companions, For
from ..models.users import normalise_email
from ..services.requests import OVER, AlreadyOpen, alike
from ..validators import validate_text


class EnterForm(ScopedModelForm[CompanionRequest]):
    """A request for somebody who agreed to it."""

    consent = forms.BooleanField(
        label=_("Die Person ist einverstanden"),
        help_text=_(
            "Ist es für ein Kind: Mutter, Vater oder wer sonst die Sorge hat; die Einwilligung folgt danach über den "
            "Link oder auf Papier. Sie weiß, dass wir ihre Angaben speichern, um eine Begleitung zu suchen, und "
            "dass sie jederzeit aufhören kann."
        ),
        error_messages={"required": _("Ohne Einverständnis darf die Suche nicht beginnen.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "companions"):
            self.fields[name].required = False

    def clean_people(self) -> int:
        return int(self.cleaned_data["people"] or 1)

    def clean_companions(self) -> int:
        return int(self.cleaned_data["companions"] or Companions.ONE)

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data.get("email", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        email = data.get("email", "")
        if not email and not data.get("phone") and "email" not in self.errors:
            text = _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
            for name in {"email", "phone"} & set(self.fields):
                self.add_error(name, text)
        self._check_child(data)
        ignored = (*OVER, RequestStatus.UNCONFIRMED)
        same = alike({"name": "", **data, "email": email})
        if same.exclude(status__in=ignored).exists():
            self.add_error("name", str(AlreadyOpen()))
        return data

    def _check_child(self, data: dict[str, Any]) -> None:
        """Somebody under 18 has a guardian, who says yes; so the first name and the band of age are needed."""
        child, age = data.get("child_name"), data.get("child_age")
        is_minor = data.get("age_group") == CompanionRequest.AgeGroup.MINOR or child or age
        data["asked_for"] = For.CHILD if is_minor else For.SELF
        if not is_minor:
            return
        data["age_group"] = CompanionRequest.AgeGroup.MINOR
        text = _("Bei einem Kind oder Jugendlichen bitte Vorname und Alter angeben.")
        for name in ("child_name", "child_age"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, text)

    def validate_constraints(self) -> None:
        """:meth:`clean` checks this; an unconfirmed request of the same person is taken over."""


def with_staff() -> "QuerySet[Organisation]":
    return Organisation.objects.with_staff().order_by("title")


class StepForm(forms.Form):
    """The organisation that gets the request, and a note for the history."""

    organisation = forms.ModelChoiceField(
        label=_("An wen?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Sozialamt (ohne Organisation)"),
        help_text=_(
            "Zur Wahl stehen alle, die im Portal jemanden haben. Danach sehen nur noch diese die "
            "Suche; die Person bekommt eine Mail."
        ),
    )
    note = forms.CharField(
        label=_("Notiz"),
        max_length=500,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step == "uebergeben":
            field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
            field.queryset = with_staff()
        else:
            del self.fields["organisation"]
