"""What the pages of an issue ask."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.admin.forms import ScopedModelForm
from programs.models import Entry, Event, Language

from .issue_models import NewsletterBlock, NewsletterIssue

LANGUAGES = [(code, Language(code).label) for code in settings.NEWSLETTER_LANGUAGES]


class IssueForm(ScopedModelForm[NewsletterIssue]):
    class Meta:
        labels = {"topics": _("Themen (wer eines davon bestellt hat, bekommt die Ausgabe)")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:  # not on a page that only shows it
            self.fields["language"].choices = LANGUAGES  # type: ignore[attr-defined]  # a choice field


class BlockForm(ScopedModelForm[NewsletterBlock]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields and not self.instance.is_own_text:
            self.fields["text"].widget.attrs["rows"] = 2

    def full_clean(self) -> None:
        """Check all constraints: Django leaves out those with a column that is not on the page."""
        super().full_clean()
        if self.is_bound and not self.errors and (self.instance.pk or self.has_changed()):
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, ValidationError(error.messages))

    class Meta:
        widgets = {
            "text": AdminTextareaWidget(attrs={"rows": 7, "dir": "auto"}),
        }
        help_texts = {
            "title": _("Leer heißt: der Name des Eintrags oder Termins, sonst keine Überschrift."),
            "text": _(
                "Ihre Worte, bei einem Eintrag oder Termin stehen sie vor seiner Beschreibung. **fett**, "
                "[Text](Adresse), - Liste."
            ),
        }


class TestForm(forms.Form):
    to = forms.EmailField(label=_("Adresse"), max_length=254)


_DAY: dict[str, Any] = {"type": "date", "aria-label": _("Tag")}
_TIME: dict[str, Any] = {"type": "time", "aria-label": _("Uhrzeit")}


class WhenForm(forms.Form):
    """``seen`` is the fingerprint of what the page showed."""

    at = forms.SplitDateTimeField(
        label=_("Wann?"),
        required=False,
        help_text=_("Leer heißt: sofort. Zeit in Stuttgart."),
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs=_DAY,
            time_attrs=_TIME,
        ),
        error_messages={
            "invalid_date": _("Diesen Tag gibt es nicht."),
            "invalid_time": _("Bitte geben Sie eine Uhrzeit an, die es gibt."),
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ChoosingForm(forms.Form):
    """The boxes that were ticked on the page of what can be taken in."""

    entry = forms.ModelMultipleChoiceField(Entry.objects.none(), required=False)
    event = forms.ModelMultipleChoiceField(Event.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("entry", Entry.objects.published()), ("event", Event.objects.ahead())):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a model choice field
