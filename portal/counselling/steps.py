"""What a department does with a request: the buttons, each with its form and its service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation
from volunteers.forms.messages import MessageForm
from volunteers.models import User

from . import services
from .departments import offices
from .models import CounsellingRequest, CounsellingStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

ANSWER, HANDLED, BEGIN, CLOSE, HAND_ON = (
    *("nachricht", "erledigt", "gespraech"),
    *("abschliessen", "weitergeben"),
)
Data = Mapping[str, Any]


class HandOnForm(forms.Form):
    to: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("An welche Stelle?"),
        error_messages={"required": _("Bitte wählen Sie eine Stelle, in der jemand antwortet.")},
    )


def _no_form(asked: CounsellingRequest, data: Any) -> forms.Form:
    return forms.Form(data)


def _message_form(asked: CounsellingRequest, data: Any) -> forms.Form:
    return MessageForm(data)


def _hand_on_form(asked: CounsellingRequest, data: Any) -> forms.Form:
    form = HandOnForm(data)
    others = offices().exclude(pk=asked.organisation_id).order_by("title")
    form.fields["to"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField
    return form


@dataclass(frozen=True, kw_only=True)
class Step:
    label: "StrPromise"
    done: "StrPromise"
    """What the page says afterwards."""
    take: Callable[[CounsellingRequest, User, Data], object]
    form_for: Callable[[CounsellingRequest, Any], forms.Form] = _no_form
    text: "StrPromise | str" = ""
    at_once: bool = True
    """A button that acts; else a link to a page with a form."""


STEPS = {
    ANSWER: Step(
        label=_("Nachricht schicken"),
        done=_("Die Nachricht ist unterwegs."),
        take=lambda asked, by, data: services.write_message(
            asked=asked, text=data["text"], by=by, seen=data["seen"]
        ),
        form_for=_message_form,
        at_once=False,
    ),
    HANDLED: Step(
        label=_("Keine Antwort nötig"),
        done=_("Erledigt: Diese Nachrichten brauchen keine Antwort."),
        take=lambda asked, by, data: services.handle_messages(asked=asked, seen=data["seen"]),
    ),
    BEGIN: Step(
        label=_("Wir sind im Gespräch"),
        done=_("Vermerkt: im Gespräch."),
        take=lambda asked, by, data: services.begin(asked=asked, by=by),
    ),
    CLOSE: Step(
        label=_("Abschließen"),
        done=_("Die Beratung ist abgeschlossen."),
        take=lambda asked, by, data: services.close(asked=asked, by=by),
    ),
    HAND_ON: Step(
        label=_("An eine andere Stelle weitergeben"),
        done=_("Weitergegeben. Die Stelle und die Person bekommen eine Mail."),
        take=lambda asked, by, data: services.hand_on(asked=asked, to=data["to"], by=by),
        form_for=_hand_on_form,
        text=_("Danach sieht nur noch die andere Stelle die Anfrage, auch Ihre Notizen."),
        at_once=False,
    ),
}


def offered(asked: CounsellingRequest) -> list[str]:
    """The buttons of a request, the next step first; messages have their own place on the page."""
    return {
        CounsellingStatus.NEW: [BEGIN, CLOSE, HAND_ON],
        CounsellingStatus.IN_CONTACT: [CLOSE, HAND_ON],
        CounsellingStatus.DONE: [BEGIN],
    }.get(CounsellingStatus(asked.status), [])
