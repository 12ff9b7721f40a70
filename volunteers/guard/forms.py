"""Protection of the public forms against bots, without captchas, cookies or third parties.

Two checks that people do not notice. A honeypot: a field that people cannot see. Whoever fills it
in is a bot; it gets the normal thanks, but nothing is stored. And the time: a form that comes back
within ``FORM_MIN_SECONDS`` after it was shown is shown again, with what was typed. Then the limits
of ``volunteers/guard/limits.py`` count, for otherwise valid forms. All of it works without
JavaScript.
"""

import math
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Entry, Event

from . import limits, sent

FORM_MAX_SECONDS = 24 * 3600
"""An older form is shown again before it is accepted, so that collected timestamps become worthless."""

TOO_FAST = _(
    "Das ging sehr schnell. Bitte sehen Sie alles noch einmal durch und schicken Sie es ab."
)
TOO_OLD = _(
    "Das Formular war lange offen. Ihre Angaben sind noch da: Bitte schicken Sie es noch einmal ab."
)
NEARLY_DONE = _("Fast geschafft")
WAIT = _("Bitte warten Sie einen Moment")
NOT_TYPED = ("website", "opened")
"""Fields of the guard itself."""
STILL_THERE = _("Ihre Angaben stehen noch im Formular.")


def stamp() -> str:
    """The signed time at which a form was shown, rounded down: it never lies ahead."""
    return _signer().sign(f"{math.floor(timezone.now().timestamp() * 10) / 10:.1f}")


def _age(stamped: str) -> float | None:
    """Seconds since then, less than none when a clock was set back meanwhile; None when the signature is wrong."""
    try:
        return timezone.now().timestamp() - float(_signer().unsign(stamped))
    except signing.BadSignature:
        return None


def _signer() -> signing.Signer:
    return signing.Signer(salt="volunteers.form")


class GuardedForm(forms.Form):
    """A public form. ``limit`` is its key in ``settings.RATE_LIMITS``, ``email`` is the target.

    The view stores the data only if ``is_from_a_person()``, and says thanks in both cases.
    :func:`page` shows the form. The template includes ``volunteers/_guard.html``.
    """

    limit = ""

    # No validation: the honeypot must not tell a bot that something is wrong.
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
        if not self.is_bound and (typed := sent.typed(request, self.limit)) is not None:
            self.show_again(typed)
        self.summary_heading: Any = ""  # for when nothing is wrong with the input itself

    def show_again(self, typed: QueryDict) -> None:
        """Fill the form with what was sent by it before, without checking it.

        A field that was not asked yet keeps what it begins with.
        """
        for name, field in self.fields.items():
            place: Any = (typed, {}, self.add_prefix(name))
            if name not in NOT_TYPED and not field.widget.value_omitted_from_data(*place):
                self.initial[name] = field.widget.value_from_datadict(*place)

    def go_on_from(self, typed: QueryDict) -> None:
        """For the next page of a form of several pages: when it was opened, and the honeypot."""
        self.initial.update((name, typed[name]) for name in NOT_TYPED if name in typed)

    def keep(self, *, about: Entry | Event | None = None, is_short: bool = False) -> None:
        """Keep what was sent for the page that says thanks; call it on a valid form only."""
        posted = cast("QueryDict", self.data)
        names = [self.add_prefix(name) for name in self.fields if name not in NOT_TYPED]
        data = {name: posted.getlist(name) for name in names if name in posted}
        address = self.cleaned_data["email"]
        sent.keep(
            self.request, self.limit, address=address, about=about, data=data, is_short=is_short
        )

    def is_from_a_person(self) -> bool:
        """Whether the honeypot field was left empty; call it on a valid form only."""
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
        elif 0 <= age < settings.FORM_MIN_SECONDS:
            self._send_back(TOO_FAST)

    def _send_back(self, why: Any) -> None:
        """Say why, unless something else is wrong: then the form is shown again anyway."""
        if not self.errors:
            self.summary_heading = NEARLY_DONE
            self.add_error(None, why)

    def _stamp_anew(self) -> None:
        data = cast("dict[str, str]", self.data).copy()  # it is a QueryDict
        data[self.add_prefix("opened")] = stamp()
        self.data = data

    def _count(self) -> None:
        """Count this try. A filled honeypot counts for the network address alone, not for the mailbox.

        It has to count, because a bot gets its thanks after a delay, and the delay holds a thread.
        """
        target = None if self.cleaned_data["website"] else self.cleaned_data["email"]
        try:
            limits.try_once(self.request, self.limit, target)
        except limits.TooManyTries as refusal:
            self.refusal = refusal
            self.summary_heading = WAIT
            self.add_error(None, f"{refusal} {STILL_THERE}")


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page with ``context["form"]``: 200 empty, 422 with errors, 429 with the time when it works again."""
    form: GuardedForm = context["form"]
    if form.refusal is not None:
        return limits.told_when(render(request, template, context), form.refusal)
    return render(request, template, context, status=422 if form.errors else 200)
