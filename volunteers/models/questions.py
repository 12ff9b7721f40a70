"""The type of a question; the questions to volunteers are listed in ``profile.py``."""

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
    """„Mehr über Sie“: helps to find what fits, but is optional. A sign-up for one offer does not ask it."""
    TANDEM = enum.auto()
    """Asked only where a programme makes tandems, and not at sign-up."""
    GROUP = enum.auto()
    """Asked only where a group can sign up as one."""
    LAST = enum.auto()


EVERYBODY = (Section.FIRST, Section.MORE, Section.LAST)
FOR_AN_OFFER = (Section.FIRST, Section.LAST)
"""Enough to answer somebody who knows what they want to do; „Mehr über Sie“ can be told later."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; its answer is the model field ``name`` of each model in ``kept_by``.

    Rules, choices and the short label come from the model field. This class says how the form asks.
    """

    name: str
    section: Section
    kept_by: tuple[str, ...] = (APPLICATION, VOLUNTEER)
    in_lists: bool = False
    """Whether lists of applications have the answer; lists of people, too, if both models keep it.
    """
    label: "_StrPromise | None" = None
    """The label in the form; without it the short label of the model field."""
    help_text: "_StrPromise | str" = ""
    errors: "Mapping[str, _StrPromise]" = field(default_factory=dict)
    """Error code → the message for it."""
    attrs: Mapping[str, str | int] = field(default_factory=dict)
    """HTML attributes of the input."""
    shown: int | None = None
    """How many choices a form shows at once, where it folds the others."""
    heading: "_StrPromise | None" = None
    """The heading on the status page, if not the short label. Answers under one heading share a line."""
    in_register: "_StrPromise | None" = None
    """The name in the register of personal fields, if not the short label."""
    own_key: str = ""

    @property
    def key(self) -> str:
        """The name in forms and lists: that of the model field, unless that name is taken there."""
        return self.own_key or self.name

    @property
    def is_required(self) -> bool:
        """Whether sign-up requires an answer."""
        return "required" in self.errors and self.section == Section.FIRST

    @property
    def register_name(self) -> str:
        return str(self.in_register or self.column.verbose_name)

    @property
    def column(self) -> Any:
        """The model field."""
        return apps.get_model("volunteers", self.kept_by[0])._meta.get_field(self.name)

    def answer_in(self, record: models.Model) -> Any:
        """The value in ``record``; a queryset where the field is a relation."""
        found = getattr(record, self.name)
        return found.all() if self.column.many_to_many else found
