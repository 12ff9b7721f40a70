"""The four steps in which „Ich suche eine Begleitung“ asks.

Each step is a page of its own, without JavaScript. What was typed in the others goes along as hidden
inputs, so nothing is kept on the server before the last press: reload, the way back, two tabs and an
expired session lose nothing. It needs no signature, because the last step checks everything again.
django-formtools has such a wizard, but keeps the answers in the session or in a cookie.
"""

from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Step(NamedTuple):
    number: int
    title: "Promise"
    names: tuple[str, ...]
    """Of its fields."""


STEPS = (
    Step(1, _("Was Sie suchen"), ("asked_for", "programme", "languages", "fields_of_need")),
    Step(2, _("Wer, wann und wo"), ("wish", "companions", "weekdays", "dayparts", "district")),
    Step(
        3,
        _("Namen und Adressen"),
        (
            "child_name", "age_group", "guardian_name", "guardian_email", "guardian_phone",
            "name", "place", "email", "phone", "tell_asker",
        ),
    ),
    Step(4, _("Prüfen und abschicken"), ("note", "consent")),
)  # fmt: skip
FIRST, LAST = STEPS[0], STEPS[-1]
WITH_ADDRESS = STEPS[2]


def step_of(number: str | None) -> Step | None:
    return next((one for one in STEPS if str(one.number) == number), None)


def carried(typed: QueryDict, step: Step) -> list[tuple[str, str]]:
    """The hidden inputs of a page: what was typed in the other steps."""
    names = [name for one in STEPS if one is not step for name in one.names]
    return [(name, value) for name in names for value in typed.getlist(name)]
