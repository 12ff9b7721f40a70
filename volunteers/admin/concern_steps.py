"""What a person of trust may do with a concern: each step with its texts, its form and its service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Concern, Tandem, User
from ..services import concerns
from ..validators import validate_text


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Notiz"),
        max_length=2000,
        validators=[validate_text],
        help_text=_("Was wurde getan, was ist verabredet? Das lesen nur Vertrauenspersonen."),
        error_messages={"required": _("Bitte schreiben Sie, was zu merken ist.")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class LastNoteForm(NoteForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False


@dataclass(frozen=True)
class Step:
    label: str | Promise
    text: str | Promise
    done: str | Promise
    take: Callable[[Concern, User, dict[str, Any]], object]
    form: type[forms.Form] = forms.Form
    at_once: bool = False
    """Whether the button acts without a page that asks."""
    danger: bool = False


STEPS: dict[str, Step] = {
    "notiz": Step(
        _("Notiz schreiben"),
        "",
        _("Die Notiz ist gespeichert."),
        lambda concern, by, data: concerns.note(concern=concern, by=by, text=data["text"]),
        NoteForm,
    ),
    "anhalten": Step(
        _("Tandem anhalten"),
        "",
        _("Das Tandem ruht. Kontaktdaten werden nicht mehr gezeigt."),
        lambda concern, by, data: concerns.hold_tandem(concern=concern, by=by),
        at_once=True,
        danger=True,
    ),
    "weiter": Step(
        _("Tandem weitergehen lassen"),
        _("Beide bekommen eine Mail und sehen die Kontaktdaten wieder."),
        _("Das Tandem geht weiter."),
        lambda concern, by, data: concerns.let_tandem_go(concern=concern, by=by),
    ),
    "schuetzen": Step(
        _("Aus Schutzgründen beenden"),
        _(
            "Das Tandem endet; in den Mails steht kein Grund. Die beiden werden einander nie wieder vorgeschlagen. "
            "Die engagierte Person wird niemandem vorgeschlagen, bis Sie sie unter „Schutz nach Tandems“ wieder "
            "freigeben."
        ),
        _("Das Tandem ist beendet, und die Person wird vorerst niemandem vorgeschlagen."),
        lambda concern, by, data: concerns.end_for_safety(concern=concern, by=by),
        danger=True,
    ),
    "erledigt": Step(
        _("Abschließen"),
        _("Wer geschrieben hat, sieht unter dem eigenen Link „abgeschlossen“, sonst nichts."),
        _("Der Hinweis ist abgeschlossen."),
        lambda concern, by, data: concerns.close(concern=concern, by=by, text=data["text"]),
        LastNoteForm,
    ),
    "wieder-offen": Step(
        _("Wieder aufnehmen"),
        "",
        _("Der Hinweis ist wieder offen."),
        lambda concern, by, data: concerns.take_up_again(concern=concern, by=by),
    ),
}


ENDS = {Tandem.Status.RUNNING, Tandem.Status.ENDED}
"""A tandem may also have ended before somebody tells why."""


def offered(concern: Concern) -> list[str]:
    """Steps that the state of the concern and of its tandem allows."""
    tandem = concern.tandem
    steps = ["notiz"]
    if tandem is not None and tandem.is_alive:
        steps.append("weiter" if tandem.hold == "trust" else "anhalten")
    if tandem is not None and tandem.status in ENDS and not concern.kept_apart.exists():
        steps.append("schuetzen")
    return [*steps, "wieder-offen" if concern.is_done else "erledigt"]
