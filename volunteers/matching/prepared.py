"""The hard conditions about preparation: ready, certificate, and the steps of a protection concept."""

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .obstacles import Allowed, Obstacle
from .profiles import ANY_PROGRAMME, Helper, People, Seeker, Seekers


class CheckedConduct:
    """A valid certificate where request or programme needs one (§ 72a SGB VIII)."""

    title = gettext_lazy("Ein gültiges Führungszeugnis liegt vor, wenn eines nötig ist")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        needed = seekers.flags("needs_check")[:, None] | helpers.flags("needs_check")[None, :]
        return np.logical_or(~needed, helpers.flags("has_check")[None, :])

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if helper.has_check or not (seeker.needs_check or helper.needs_check):
            return None
        text = _(
            "Es fehlt ein gültiges Führungszeugnis. Die Einsicht tragen Sie auf der Seite der "
            "Anmeldung ein."
        )
        if not helper.needs_check:
            text = _(
                "Es fehlt ein gültiges Führungszeugnis; diese Suche braucht eines. Die Einsicht "
                "tragen Sie unter „Vorbereitung“ auf der Seite der Anmeldung ein. Steht es dort "
                "nicht, schalten Sie beim Programm „vermittelt Tandems“ ein."
            )
        return Obstacle(text, can_be_mended=True)


class Protected:
    """A programme with a protection concept gets only those who have done all its steps there."""

    title = gettext_lazy("Alle Schritte sind erledigt, wenn ein Schutzkonzept gilt")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        wanted = seekers.numbers("protected_by")[:, None]
        done = helpers.numbers("prepared_for")[None, :]
        found: Allowed = (wanted == 0) | (wanted == done) | (done == ANY_PROGRAMME)
        return found

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if seeker.protected_by in {0, helper.prepared_for} or helper.programme == ANY_PROGRAMME:
            return None
        if helper.programme == seeker.protected_by:
            text = _(
                "Es fehlen Schritte aus dem Schutzkonzept. Sie tragen sie unter „Vorbereitung“ auf der Seite "
                "der Anmeldung ein."
            )
            return Obstacle(text, can_be_mended=True)
        return Obstacle(
            _(
                "Für das Programm dieser Suche gilt ein Schutzkonzept. Begleiten kann, wer sich für dieses "
                "Programm anmeldet und dort alle Schritte geht; diese Anmeldung ist für etwas anderes."
            )
        )


class Ready:
    title = gettext_lazy("Die Anmeldung ist startbereit oder im Einsatz")

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed:
        return np.broadcast_to(helpers.flags("ready"), (len(seekers), len(helpers)))

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None:
        if helper.ready:
            return None
        text = _(
            "Die Anmeldung ist noch nicht startbereit. Den nächsten Schritt gehen Sie auf der Seite "
            "der Anmeldung."
        )
        return Obstacle(text, can_be_mended=True)
