"""Words that a newcomer may not know, in plain German. Pages explain them where they stand."""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Explained(NamedTuple):
    word: "str | _StrPromise"
    meaning: "str | _StrPromise"


WORDS = {
    "beratung": Explained(
        _("Beratung"),
        _("Jemand hört Ihnen zu und sagt Ihnen, was Sie tun können. Das kostet nichts."),
    ),
    "ehrenamt": Explained(
        _("Ehrenamt"), _("Sie helfen in Ihrer freien Zeit. Dafür bekommen Sie kein Geld.")
    ),
    "einsatz": Explained(
        _("Einsatzmöglichkeit"),
        _(
            "Eine Aufgabe, bei der Sie helfen können. Oft steht dabei, an welchem Tag und wie lange."
        ),
    ),
    "freundeskreis": Explained(
        _("Freundeskreis"),
        _("Eine Gruppe von Menschen, die in ihrem Stadtteil Geflüchteten hilft."),
    ),
    "fuehrungszeugnis": Explained(
        _("Führungszeugnis"),
        _(
            "Ein Papier vom Amt. Darin steht, ob ein Gericht jemanden verurteilt hat. Man braucht es "
            "nur für manche Aufgaben mit Kindern und Jugendlichen."
        ),
    ),
    "koordination": Explained(
        _("Koordination"),
        _("Die Menschen, die ein Angebot leiten. Sie antworten Ihnen und helfen beim Anfangen."),
    ),
    "patenschaft": Explained(
        _("Patenschaft"), _("Ein Mensch begleitet einen anderen, meist über viele Monate.")
    ),
    "selbstverpflichtung": Explained(
        _("Selbstverpflichtung"),
        _(
            "Ein kurzer Text mit Regeln, zum Beispiel: Ich erzähle nichts weiter. Sie lesen ihn und "
            "sagen Ja dazu."
        ),
    ),
    "stand": Explained(
        _("Stand"),
        _(
            "Der Tag oder das Jahr, bis zu dem wir eine Angabe kennen. Danach kann sich etwas ändern."
        ),
    ),
    "tandem": Explained(
        _("Tandem"), _("Zwei Menschen, die sich regelmäßig treffen. Beide haben Ja gesagt.")
    ),
    "traeger": Explained(
        _("Träger"),
        _("Ein Verein, eine Kirche oder eine Firma, die einen Raum oder ein Angebot leitet."),
    ),
    "vab": Explained(
        _("VAB und VABO"),
        _(
            "Klassen an Berufsschulen, die auf Arbeit und Beruf vorbereiten. In VABO-Klassen lernt "
            "man vor allem Deutsch."
        ),
    ),
    "willkommensraum": Explained(
        _("Willkommensraum"),
        _("Ein offener Ort im Stadtteil. Dort treffen sich neue und alte Nachbarn."),
    ),
}
"""Slug → word and meaning, sorted by word."""
