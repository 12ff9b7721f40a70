"""What belongs together when a group signs up as one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Entry

NAMELESS = gettext_lazy("Bitte sagen Sie in ein paar Worten, wer Sie zusammen sind.")
UNCOUNTED = gettext_lazy(
    "Bitte sagen Sie, wie viele Menschen Sie sind. Kommen Sie allein? Dann lassen Sie beide Felder leer."
)


def asks_groups(entry: Entry | None) -> bool:
    """Whether a sign-up asks for a group: where one is welcome, and where nothing is chosen yet."""
    return entry is None or entry.for_groups


def lacking_of_group(data: Mapping[str, Any]) -> dict[str, str]:
    """Field → what it lacks, where only one of number and name is there."""
    number, name = data.get("group_size"), data.get("group_name")
    if number and not name:
        return {"group_name": str(NAMELESS)}
    return {"group_size": str(UNCOUNTED)} if name and not number else {}


def too_many_for(entry: Entry | None, number: int | None) -> str:
    """What to say to a group that is bigger than all of ``entry``; empty when it is not."""
    if entry is None or entry.places is None or not number or number <= entry.places:
        return ""
    text = _("Hier gibt es insgesamt %(places)d Plätze. Für so viele Menschen reichen sie nicht.")
    return text % {"places": entry.places}
