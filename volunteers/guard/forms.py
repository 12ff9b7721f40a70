"""What keeps programs out of the public forms: quietly, without riddles, cookies or third parties.

Two things that people do not notice. A field that nobody sees: who fills it is a program, gets the
same thanks and leaves nothing. And the time: who sends a form within ``FORM_MIN_SECONDS`` after it
was shown gets it back with what was typed. Then the limits of ``volunteers/guard/limits.py``, counted for
forms that are otherwise right. All of it works without JavaScript.
"""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import limits

FORM_MAX_SECONDS = 24 * 3600
"""An older form is shown anew before it is taken; whoever collects stamps cannot keep them."""

TOO_FAST = _(
    "Das ging sehr schnell. Bitte sehen Sie alles noch einmal durch und schicken Sie es ab."
)
TOO_OLD = _(
    "Das Formular war lange offen. Ihre Angaben sind noch da: Bitte schicken Sie es noch einmal ab."
)
NEARLY_DONE = _("Fast geschafft")
WAIT = _("Bitte warten Sie einen Moment")
STILL_THERE = _("Ihre Angaben stehen noch im Formular.")


def stamp() -> str:
    """When a form was shown, signed."""
    return _signer().sign(f"{timezone.now().timestamp():.1f}")


def _age(stamped: str) -> float | None:
    """Seconds since then; None for what is no stamp of ours."""
    try:
        return timezone.now().timestamp() - float(_signer().unsign(stamped))
    except signing.BadSignature:
        return None


def _signer() -> signing.Signer:
    return signing.Signer(salt="volunteers.form")


class GuardedForm(forms.Form):
    """A public form. ``limit`` names its row in ``settings.RATE_LIMITS``, ``email`` is the target.

    The view takes what ``is_from_a_person()`` and thanks everybody; :func:`page` shows the form.
    The template includes ``volunteers/_guard.html``.
    """

    limit = ""

    # No validation of their own: what a program writes here is nothing to complain about.
    website = forms.Field(
        label=_("Dieses Feld bleibt leer"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.Field(required=False, initial=stamp, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.refusal: limits.TooManyTries | None = None
        self.summary_heading: Any = ""  # where nothing is wrong with what was typed

    def is_from_a_person(self) -> bool:
        """Whether the field that nobody sees was left empty; call it on a valid form only."""
        return not self.cleaned_data["website"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data["website"]:
            self._check_time()
        if not self.errors:
            self._count()
        return data

    def _check_time(self) -> None:
        stamped = self.cleaned_data["opened"]
        if not stamped and not settings.FORM_MIN_SECONDS:
            return
        age = _age(stamped or "")
        if age is None or age > FORM_MAX_SECONDS:
            self._stamp_anew()
            self._send_back(TOO_OLD)
        elif age < settings.FORM_MIN_SECONDS:
            self._send_back(TOO_FAST)

    def _send_back(self, why: Any) -> None:
        if not self.errors:
            self.summary_heading = NEARLY_DONE
        self.add_error(None, why)

    def _stamp_anew(self) -> None:
        data = cast("dict[str, str]", self.data).copy()  # a QueryDict, in truth
        data[self.add_prefix("opened")] = stamp()
        self.data = data

    def _count(self) -> None:
        """A program counts for where it comes from alone: its thanks make it wait, and a thread."""
        target = None if self.cleaned_data["website"] else self.cleaned_data["email"]
        try:
            limits.try_once(self.request, self.limit, target)
        except limits.TooManyTries as refusal:
            self.refusal = refusal
            self.summary_heading = WAIT
            self.add_error(None, f"{refusal} {STILL_THERE}")


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page with ``context["form"]``: 200 empty, 422 with errors, 429 and when it works again."""
    form: GuardedForm = context["form"]
    if form.refusal is not None:
        return limits.told_when(render(request, template, context), form.refusal)
    return render(request, template, context, status=422 if form.errors else 200)
