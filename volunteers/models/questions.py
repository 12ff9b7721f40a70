"""What a question to people is; the questions to volunteers are listed in ``profile.py``."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

APPLICATION, VOLUNTEER = "Application", "Volunteer"
"""The models that keep answers: what was told to one organisation, and the person's own record."""


class Section(enum.Enum):
    """The parts of the form, from top to bottom."""

    FIRST = enum.auto()
    MORE = enum.auto()
    """Folded; sharpens the answer but may be left alone."""
    TANDEM = enum.auto()
    """Asked only where a programme makes tandems, and not at sign-up."""
    LAST = enum.auto()


EVERYBODY = (Section.FIRST, Section.MORE, Section.LAST)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, answered in the model field ``name`` of the models in ``kept_by``.

    Rules, choices and the short label are those of the model field. Here stands how the form asks.
    """

    name: str
    section: Section
    kept_by: tuple[str, ...] = (APPLICATION, VOLUNTEER)
    in_lists: bool = False
    """Lists of applications carry the answer; those of people, too, if both models keep it."""
    label: "_StrPromise | None" = None
    """As the form asks; without it the short label."""
    help_text: "_StrPromise | str" = ""
    errors: "Mapping[str, _StrPromise]" = field(default_factory=dict)
    """Code of an error → the sentence for it."""
    attrs: Mapping[str, str | int] = field(default_factory=dict)
    """HTML attributes of the input."""
    heading: "_StrPromise | None" = None
    """On the status page, instead of the short label. Answers under one heading share a line."""
    in_register: "_StrPromise | None" = None
    """What the register of personal fields calls it, instead of the short label."""
    own_key: str = ""

    @property
    def key(self) -> str:
        """Its name in forms and lists: that of the model field, unless that means something there."""
        return self.own_key or self.name

    @property
    def is_required(self) -> bool:
        """Whether nobody signs up without an answer."""
        return "required" in self.errors and self.section == Section.FIRST

    @property
    def register_name(self) -> str:
        return str(self.in_register or self.column.verbose_name)

    @property
    def column(self) -> Any:
        """The model field."""
        return apps.get_model("volunteers", self.kept_by[0])._meta.get_field(self.name)

    def answer_in(self, record: models.Model) -> Any:
        """What ``record`` keeps; a queryset where the answer is linked to it."""
        found = getattr(record, self.name)
        return found.all() if self.column.many_to_many else found
