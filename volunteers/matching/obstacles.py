"""What a hard condition is, and what it says."""

from typing import NamedTuple, Protocol

import numpy as np
from django.utils.functional import Promise
from numpy.typing import NDArray

from .profiles import Helper, People, Seeker, Seekers

Allowed = NDArray[np.bool_]


class Obstacle(NamedTuple):
    """Why a pair is not possible; ``text`` also says where to enter what is missing."""

    text: str
    can_be_mended: bool = False
    """Whether it can be entered on the page of the application."""


class Condition(Protocol):
    @property
    def title(self) -> str | Promise:
        """What is fulfilled, as a sentence, for the page that shows all conditions."""

    def allowed(self, seekers: Seekers, helpers: People) -> Allowed: ...

    def words(self, seeker: Seeker, helper: Helper) -> Obstacle | None: ...
