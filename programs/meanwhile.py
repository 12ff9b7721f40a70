"""Forms that notice what somebody else has changed while their page was open.

Each field has a hidden input with the value that the page showed. So a form knows what its user has
changed, and what has changed in the record since. Different fields: both changes stay. The same
field: the user sees both values and chooses.
"""

import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .rendering import LimitedField

NOTHING = "–"


class ShownField(LimitedField):
    """Its hidden input says what the page showed, also when the form comes back with errors.

    Django's own shows what was typed there if the value has several inputs, such as date and time.
    """

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        if not only_initial:
            return super().as_widget(widget, attrs)
        hidden = self.field.hidden_widget()
        value = self.shown if self.form.is_bound else self.field.prepare_value(self.initial)
        attrs = {"id": self.html_initial_id}
        return hidden.render(self.html_initial_name, value, attrs, self.form.renderer)

    @property
    def has_changed_meanwhile(self) -> bool:
        """Whether the record no longer says what the page showed."""
        return self.field.show_hidden_initial and self.differs_now_from(self.shown)

    def differs_now_from(self, posted: Any) -> bool:
        """Whether the record says something else than ``posted``; browsers end lines with CR and LF."""
        now, posted = _with_short_lines(self.initial), _with_short_lines(posted)
        return bool(self.field.has_changed(now, posted))

    @property
    def shown(self) -> Any:
        """The value that the page showed, as it was posted; the present one if the user was told of it."""
        if self.name in getattr(self.form, "told", ()):
            return self.field.prepare_value(self.initial)
        hidden = self.field.hidden_widget()
        return hidden.value_from_datadict(self.form.data, self.form.files, self.html_initial_name)


class MeanwhileMixin(forms.BaseForm):
    """``initial`` is what the record says now; call :meth:`watch` at the end of ``__init__``."""

    bound_field_class = ShownField
    told: set[str]
    """Fields that somebody else has changed, too, and of which the user is told now."""

    def watch(self) -> None:
        """Ask every field what the page showed, unless the data come from somewhere without such inputs."""
        self.told = set()
        start = self.add_initial_prefix("")
        known = not self.is_bound or any(name.startswith(start) for name in self.data)
        for field in self.fields.values():
            field.show_hidden_initial = known

    def settle(self) -> None:
        """In ``clean``: take over what others have changed, and tell of fields that both have changed."""
        for name in list(self.cleaned_data):
            field = self[name]
            kept = self._keep(field) in self.data
            if not isinstance(field, ShownField) or not (kept or field.has_changed_meanwhile):
                continue
            if kept or name not in self.changed_data:
                self.cleaned_data[name] = self.present(name)
            elif field.differs_now_from(field.data):
                self._tell(field)

    def present(self, name: str) -> Any:
        """The value of the record now."""
        return self.initial[name]

    def choice_of(self, field: forms.BoundField) -> str:
        """Where a page has room for it: a checkbox to keep the other one's value."""
        keep = _("Den anderen Wert behalten")
        box = '<br><label><input type="checkbox" name="{}"> {}</label>'
        return format_html(box, self._keep(field), keep)

    def _keep(self, field: forms.BoundField) -> str:
        return f"keep-{field.html_name}"

    def _tell(self, field: forms.BoundField) -> None:
        text = _(
            "Das hat inzwischen jemand anderes geändert. Jetzt steht hier: {theirs}. Sie haben "
            "eingegeben: {yours}. Wenn Sie noch einmal speichern, gilt Ihr Wert."
        )
        theirs, yours = (
            format_html("<bdi>„{}“</bdi>", in_words(field.field, value))
            for value in (self.present(field.name), self.cleaned_data[field.name])
        )
        told = format_html(text, theirs=theirs, yours=yours)
        self.told.add(field.name)
        self.add_error(field.name, SafeString(told + self.choice_of(field)))


def _with_short_lines(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def in_words(field: forms.Field, value: Any) -> str:
    """One value as a person reads it: labels of choices, names of records, German dates."""
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ", ".join(in_words(field, one) for one in value) or NOTHING
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), _("j. F Y, H:i"))
    if isinstance(value, datetime.date):
        return date_format(value, _("j. F Y"))
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    choices = getattr(field, "choices", ())
    if choices and not isinstance(field, forms.ModelChoiceField):
        labels: dict[Any, Any] = dict(flatten_choices(choices))
        return str(labels.get(value, labels.get(str(value), value)))
    return str(value)
