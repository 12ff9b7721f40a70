"""The hard conditions: points cannot outweigh them.

Each condition answers for whole matrices, and with a text for one pair: what is missing and where
to enter it. ``services.tandems.propose`` checks again on locked records.
"""

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Application, CompanionRequest
from .loading import load_helpers, load_seekers
from .obstacles import Allowed, Condition, Obstacle
from .prepared import CheckedConduct, Protected, Ready
from .profiles import GENDERS, Helper, People, Seeker, Seekers, common
from .rules import STANDARD, Rules, current


class GenderWish:
    """A wish for a woman or a man excludes all others, also volunteers without an answer."""

    title = gettext_lazy("Der Wunsch nach einer Frau oder einem Mann ist erfüllt")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        wish = seekers.codes("wish")[:, None]
        found: Allowed = (wish == GENDERS[""]) | (wish == helpers.codes("gender")[None, :])
        return found

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if not seeker.wish or seeker.wish == helper.gender:
            return None
        wish = CompanionRequest.Wish(seeker.wish).label
        if helper.gender:
            return Obstacle(_("wünscht %(wish)s: nein") % {"wish": wish})
        text = _(
            "wünscht %(wish)s, und das Geschlecht ist nicht angegeben. Die Person ergänzt es unter "
            "„Angaben ändern“, oder Sie tragen es auf der Seite der Anmeldung ein."
        )
        return Obstacle(text % {"wish": wish}, can_be_mended=True)


class ComesAlone:
    """A class or a team is nobody's companion; one of them may sign up alone."""

    title = gettext_lazy("Die Anmeldung gilt für eine Person, nicht für eine Gruppe")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return np.broadcast_to(~helpers.flags("is_group"), (len(seekers), len(helpers)))

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if not helper.is_group:
            return None
        text = _(
            "Die Anmeldung gilt für eine Gruppe. Wer daraus jemanden begleiten möchte, meldet sich "
            "allein an."
        )
        return Obstacle(text)


class HasRoom:
    """Not more tandems at a time than the person wants, counted over all organisations."""

    title = gettext_lazy("Die Person hat Zeit für ein weiteres Tandem")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return np.broadcast_to(helpers.flags("room"), (len(seekers), len(helpers)))

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if helper.room:
            return None
        text = _(
            "Zurzeit ist keine Zeit für ein weiteres Tandem (Grenze: %(limit)d, oder die Person hat "
            "unter „Pause machen“ weniger gesagt). Möchte sie mehr, ändert sie die Grenze unter „Angaben "
            "ändern“, oder Sie tun es auf der Seite der Anmeldung."
        )
        return Obstacle(text % {"limit": helper.limit}, can_be_mended=True)


class NotOnBreak:
    """During a break that the person has taken nobody is proposed to them."""

    title = gettext_lazy("Die Person macht keine Pause")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return np.broadcast_to(helpers.flags("is_here"), (len(seekers), len(helpers)))

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if helper.rests_until is None:
            return None
        text = _("Die Person macht Pause bis %(day)s. Das hat sie selbst auf ihrer Seite gesagt.")
        return Obstacle(text % {"day": helper.rests_until.strftime("%d.%m.%Y")})


class NotKeptBack:
    """After an end for reasons of safety nobody is proposed until a person of trust has looked at it."""

    title = gettext_lazy("Die Person ist zurzeit vermittelbar")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return np.broadcast_to(~helpers.flags("kept_back"), (len(seekers), len(helpers)))

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        return (
            Obstacle(_("Die Person ist zurzeit nicht vermittelbar.")) if helper.kept_back else None
        )


def _without(seekers: Seekers, helpers: People, name: str) -> Allowed:
    """All pairs but those whose request stands in this set of the helper."""
    found = np.ones((len(seekers), len(helpers)), dtype=np.bool_)
    rows = {seeker.pk: row for row, seeker in enumerate(seekers.profiles)}
    for column, helper in enumerate(helpers.profiles):
        for request in getattr(helper, name):
            if request in rows:
                found[rows[request], column] = False
    return found


class NotTurnedDown:
    """If one of two people has declined the other, before or after meeting, they are not proposed again."""

    title = gettext_lazy("Keine der beiden Seiten hat schon abgelehnt")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return _without(seekers, helpers, "turned_down")

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if seeker.pk not in helper.turned_down:
            return None
        return Obstacle(
            _("Dieser Vorschlag wurde schon einmal abgelehnt, oder es hat nicht gepasst.")
        )


class NotTogether:
    """A request for several companions gets different ones."""

    title = gettext_lazy("Beide sind noch nicht zusammen")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return _without(seekers, helpers, "together")

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if seeker.pk not in helper.together:
            return None
        return Obstacle(_("Für diese beiden gibt es schon einen Vorschlag oder ein Tandem."))


class NotThemselves:
    """Nor anybody with the same mailbox: neither side may learn who the other is before both agree."""

    title = gettext_lazy("Es sind zwei Menschen mit eigenem Postfach")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        found = np.ones((len(seekers), len(helpers)), dtype=np.bool_)
        rows: dict[str, list[int]] = {}
        for row, seeker in enumerate(seekers.profiles):
            rows.setdefault(seeker.email, []).append(row)
        for column, helper in enumerate(helpers.profiles):
            if helper.email and helper.email in rows:
                found[rows[helper.email], column] = False
        return found

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if not seeker.email or seeker.email != helper.email:
            return None
        return Obstacle(
            _(
                "Beide haben dieselbe E-Mail-Adresse: Es ist dieselbe Person, oder zwei lesen ein Postfach "
                "und wüssten vor der Zusage, um wen es geht."
            )
        )


CONDITIONS: tuple[Condition, ...] = (
    Ready(),
    ComesAlone(),
    GenderWish(),
    CheckedConduct(),
    Protected(),
    HasRoom(),
    NotOnBreak(),
    NotKeptBack(),
    NotTurnedDown(),
    NotTogether(),
    NotThemselves(),
)


class CommonLanguage:
    """Only where the rules ask for it."""

    title = gettext_lazy("Beide sprechen eine gemeinsame Sprache")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        found: Allowed = common(seekers.languages, helpers.languages) > 0
        return found

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if seeker.languages & helper.languages:
            return None
        text = _("Es ist keine gemeinsame Sprache eingetragen. Sprachen stehen bei der Anmeldung.")
        return Obstacle(text, can_be_mended=True)


class NearBy:
    """Only where the rules ask for it."""

    title = gettext_lazy("Beide sind im gleichen oder in benachbarten Stadtbezirken")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        same = common(seekers.districts, helpers.districts)
        found: Allowed = (same + common(seekers.near, helpers.districts)) > 0
        return found

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if (seeker.districts | seeker.near) & helper.districts:
            return None
        text = _("Es ist kein Stadtbezirk in der Nähe eingetragen. Er steht bei der Anmeldung.")
        return Obstacle(text, can_be_mended=True)


SWITCHED: dict[str, Condition] = {"needs_language": CommonLanguage(), "needs_near": NearBy()}
"""Name of the rule → the condition that it switches on."""


def conditions_of(rules: Rules) -> list[Condition]:
    """All conditions that hold under ``rules``."""
    return [*CONDITIONS, *(one for name, one in SWITCHED.items() if getattr(rules, name))]


def allowed(seekers: Seekers, helpers: People, rules: Rules = STANDARD) -> Allowed:
    """A matrix of the pairs that fulfil all conditions."""
    found = np.ones((len(seekers), len(helpers)), dtype=np.bool_)
    for condition in conditions_of(rules):
        found &= condition.allowed(seekers, helpers)
    return found


def obstacles_of(seeker: Seeker, helper: Helper, rules: Rules = STANDARD) -> list[Obstacle]:
    """The conditions that one pair does not fulfil, as text."""
    found = (condition.words(seeker, helper) for condition in conditions_of(rules))
    return [obstacle for obstacle in found if obstacle is not None]


def obstacles(request: CompanionRequest, application: Application) -> list[Obstacle]:
    """The same for records as they are now in the database."""
    return obstacles_of(*pair_of(request, application), current())


def missing_at_start(request: CompanionRequest, application: Application) -> Obstacle | None:
    """What has to hold again when a tandem starts, and does not: certificate and protection concept."""
    pair = pair_of(request, application)
    return CheckedConduct().words(*pair) or Protected().words(*pair)


def is_taken(request: CompanionRequest) -> bool:
    """Whether nobody can be proposed for this request now."""
    return not request.has_room()


def pair_of(request: CompanionRequest, application: Application) -> tuple[Seeker, Helper]:
    """What is known of both, as it is now in the database."""
    asked = CompanionRequest.objects.filter(pk=request.pk)
    (seeker,) = load_seekers(asked)
    (helper,) = load_helpers(Application.objects.filter(pk=application.pk), asked)
    return seeker, helper
