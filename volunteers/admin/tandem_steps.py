"""What a coordinator may do with a tandem: each step with its texts, its form and its service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..forms.tandems import SAID_REASONS, NoteForm
from ..models import CheckIn, Tandem, User
from ..models.companions import Answer, Hold, Side, TandemStatus
from ..reads.together_again import wished_by_both
from ..services import check_ins, ending, first_weeks, holds, tandems, together_again


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Was sagt die Person?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie Ja oder Nein.")},
    )


class EndingForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Grund"),
        choices=SAID_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie einen Grund.")},
    )


class CheckInForm(NoteForm):
    """What one side said on the phone; an end is entered with „Tandem beenden“."""

    side = forms.ChoiceField(label=_("Wer?"), choices=Side.choices, widget=forms.RadioSelect)
    reply = forms.ChoiceField(
        label=_("Was sagt die Person?"),
        choices=[(r.value, r.label) for r in CheckIn.Reply if r != CheckIn.Reply.OVER],
        widget=forms.RadioSelect,
    )

    field_order = ["side", "reply", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Was hat die Person dazu gesagt?")
        self.fields["note"].help_text = _("Das liest nur die Stelle, die das Tandem betreut.")


@dataclass(frozen=True)
class Step:
    label: str | Promise
    text: str | Promise
    done: str | Promise
    take: Callable[[Tandem, User, dict[str, Any]], object]
    form: type[forms.Form] = forms.Form
    at_once: bool = False
    """Whether the button acts without a page that asks."""


def _answer(side: Side) -> Callable[[Tandem, User, dict[str, Any]], object]:
    def take(tandem: Tandem, by: User, data: dict[str, Any]) -> object:
        return tandems.answer(tandem=tandem, side=side, answer=data["answer"], by=by)

    return take


def _check_in(tandem: Tandem, by: User, data: dict[str, Any]) -> object:
    return check_ins.record_reply(
        tandem=tandem, side=Side(data["side"]), reply=data["reply"], note=data["note"]
    )


def _end(tandem: Tandem, by: User, data: dict[str, Any]) -> object:
    return ending.end_tandem(tandem=tandem, reason=data["reason"], by=by)


STEPS: dict[str, Step] = {
    "antwort-engagiert": Step(
        _("Antwort der engagierten Person eintragen"),
        _("Wenn sie es Ihnen am Telefon gesagt hat. Sagen beide Ja, beginnt das Tandem."),
        _("Die Antwort ist eingetragen."),
        _answer(Side.VOLUNTEER),
        AnswerForm,
    ),
    "antwort-begleitet": Step(
        _("Antwort der begleiteten Person eintragen"),
        _("Wenn sie es Ihnen am Telefon gesagt hat. Sagen beide Ja, beginnt das Tandem."),
        _("Die Antwort ist eingetragen."),
        _answer(Side.NEWCOMER),
        AnswerForm,
    ),
    "starten": Step(
        _("Tandem starten"),
        _("Beide haben Ja gesagt. Sie bekommen eine Mail mit Name und Kontakt der anderen Person."),
        _("Das Tandem läuft."),
        lambda tandem, by, data: tandems.start(tandem=tandem, by=by),
    ),
    "zurueckziehen": Step(
        _("Vorschlag zurückziehen"),
        _("Beide bekommen eine freundliche Mail; die Suche ist wieder offen."),
        _("Der Vorschlag ist zurückgezogen."),
        lambda tandem, by, data: tandems.retract(tandem=tandem),
    ),
    "unterstuetzt": Step(
        _("Unterstützung ist erledigt"),
        _("Sie haben sich gemeldet und geholfen. Das Tandem steht dann nicht mehr rot."),
        _("Danke! Das Tandem steht nicht mehr rot."),
        lambda tandem, by, data: check_ins.supported(tandem=tandem),
    ),
    "rueckmeldung": Step(
        _("Rückmeldung eintragen"),
        _("„Wie läuft es?“, am Telefon gefragt, für jemanden ohne E-Mail-Adresse."),
        _("Die Rückmeldung ist eingetragen."),
        _check_in,
        CheckInForm,
    ),
    "anhalten": Step(
        _("Tandem anhalten"),
        _(
            "Solange es ruht, sehen die beiden die Kontaktdaten der anderen Person nicht mehr, und niemand fragt, "
            "wie es läuft. Auf ihren Seiten steht nur, dass es ruht."
        ),
        _("Das Tandem ruht. Kontaktdaten werden nicht mehr gezeigt."),
        lambda tandem, by, data: holds.hold(tandem=tandem, as_=Hold.COORDINATION),
        at_once=True,
    ),
    "weiter": Step(
        _("Tandem weitergehen lassen"),
        _("Beide bekommen eine Mail und sehen die Kontaktdaten wieder."),
        _("Das Tandem geht weiter."),
        lambda tandem, by, data: holds.let_go(tandem=tandem, as_=Hold.COORDINATION, by=by),
    ),
    "getroffen": Step(
        _("Erstes Treffen eintragen"),
        _(
            "Wenn Sie wissen, dass sich die beiden getroffen haben. Am nächsten Tag fragt das Portal beide, ob "
            "es passt."
        ),
        _("Das erste Treffen ist eingetragen."),
        lambda tandem, by, data: first_weeks.record_met(tandem=tandem),
    ),
    "zu-dritt": Step(
        _("Bestätigen: Die zweite Person war dabei"),
        _(
            "Das Schutzkonzept sagt, wer beim ersten Treffen dabei ist. Bitte bestätigen Sie es erst, wenn Sie es "
            "von dieser Person wissen. Haben sich die beiden allein getroffen, sprechen Sie mit ihnen und holen "
            "Sie es nach."
        ),
        _("Bestätigt. Das Tandem steht nicht mehr rot."),
        lambda tandem, by, data: first_weeks.confirm_accompanied(tandem=tandem),
    ),
    "wechseln": Step(
        _("Beide wechseln lassen"),
        _(
            "Wenn es nach dem Kennenlernen nicht passt. Das Tandem endet ohne Schuld: Beide bekommen eine "
            "freundliche Mail, sind gleich wieder in der Vermittlung und werden nichts noch einmal gefragt."
        ),
        _("Das Tandem ist beendet. Beide sind wieder in der Vermittlung."),
        lambda tandem, by, data: ending.change(tandem=tandem, by=by),
    ),
    "beenden": Step(
        _("Tandem beenden"),
        _(
            "Beide bekommen eine Mail. Die engagierte Person wird gefragt, ob sie wieder bereit ist; "
            "bis dahin ruht ihre Anmeldung."
        ),
        _("Das Tandem ist beendet."),
        _end,
        EndingForm,
    ),
    "wieder-vorschlagen": Step(
        _("Die beiden noch einmal vorschlagen"),
        _(
            "Beide haben gesagt, dass sie sich gern wiedersehen möchten. Die Suche ist dann wieder offen, und "
            "beide werden gefragt wie bei jedem Vorschlag."
        ),
        _("Die beiden sind vorgeschlagen. Sie bekommen eine Mail."),
        lambda tandem, by, data: together_again.propose_again(tandem=tandem, by=by),
    ),
}


def offered(tandem: Tandem) -> list[str]:
    """Steps that the state of the tandem allows."""
    if not tandem.is_alive:
        both = wished_by_both(Tandem.objects.filter(pk=tandem.pk)).exists()
        return ["wieder-vorschlagen"] if both else []
    pause = {Hold.COORDINATION.value: ["weiter"], Hold.TRUST.value: []}.get(
        tandem.hold, ["anhalten"]
    )
    if tandem.status == TandemStatus.PROPOSED:
        steps = [] if tandem.volunteer_answer else ["antwort-engagiert"]
        steps += [] if tandem.newcomer_answer else ["antwort-begleitet"]
        steps = steps or ([] if tandem.is_held else ["starten"])
        return [*steps, *pause, "zurueckziehen"]
    support = ["unterstuetzt"] if tandem.needs_support_since else []
    met = [] if tandem.met_on or tandem.is_held else ["getroffen"]
    met += ["zu-dritt"] if tandem.comes_along and not tandem.is_held else []
    change = [] if tandem.is_held else ["wechseln"]
    return [*support, *met, "rueckmeldung", *pause, *change, "beenden"]
