"""How forms are rendered: no browser cuts what somebody pastes, and long texts say their limit.

Browsers cut a pasted text at ``maxlength`` without a word. So no input has one: the page says the
limit, a script counts (``static/js/limits.js``), and the server says by how much a text is too long.
"""

from typing import Any, cast

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class TooLong:
    """The error message for a text that is too long.

    A message of Django's is a text in which ``%`` puts the numbers. This one also computes by how
    much the text is too long.
    """

    def __mod__(self, params: dict[str, Any]) -> str:
        over = params["show_value"] - params["limit_value"]
        text = ngettext(
            "Das ist zu lang: höchstens %(limit_value)d Zeichen, es sind %(show_value)d. Bitte kürzen "
            "Sie um %(over)d Zeichen.",
            "Das ist zu lang: höchstens %(limit_value)d Zeichen, es sind %(show_value)d. Bitte kürzen "
            "Sie um %(over)d Zeichen.",
            over,
        )
        return text % {**params, "over": over}


class LimitedField(forms.BoundField):
    """A field whose limit is told instead of enforced by the browser."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if hasattr(field, "max_length"):
            messages = cast("dict[str, object]", field.error_messages)
            messages.setdefault("max_length", TooLong())

    @property
    def limit(self) -> int | None:
        """The most characters of a text of several lines, which is told before one types."""
        is_long = isinstance(self.field.widget, forms.Textarea)
        return getattr(self.field, "max_length", None) if is_long else None

    @property
    def aria_describedby(self) -> str | None:
        described: str | None = super().aria_describedby
        if self.limit is None or described is None or not self.auto_id:
            return described
        return f"{described} {self.auto_id}_limit".strip()

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        """The input, with its limit below it: so the administration has it, too."""
        shown = super().as_widget(widget, attrs, only_initial)
        if widget is not None or only_initial or self.limit is None or not self.auto_id:
            return shown
        return shown + format_html(
            '\n<div class="helptext" id="{}_limit" data-limit="{}" data-left="{}" data-over="{}">{}</div>',
            self.auto_id,
            str(self.limit),
            _("noch {n} Zeichen"),
            _("{n} Zeichen zu viel"),
            _("Höchstens %(limit)d Zeichen") % {"limit": self.limit},
        )

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if getattr(self.field, "max_length", None) is not None:
            built["maxlength"] = False  # an attribute that is False is left out
        return built


class Renderer(TemplatesSetting):
    """Django's renderer with the project's templates, and the fields of this module."""

    bound_field_class = LimitedField
