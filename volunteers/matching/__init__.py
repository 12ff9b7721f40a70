"""Matching: who fits whom. It makes suggestions; people decide.

* ``profiles``: what is known of both sides, as sets for texts and as bit masks for numpy (``loading`` reads it);
* ``criteria``: what speaks for a pair and how much, with the table of weights;
* ``conditions``: the hard conditions; those about preparation stand in ``prepared``;
* ``why``: every condition for one pair, met or missing;
* ``suggestions``: the best for one request, for one volunteer, and for all requests together.

Points and conditions have one implementation on bit masks, for one pair as for the whole matrix.
Texts are made only for the pairs that are shown; a property test checks that they agree with the
numbers.
"""

from .conditions import is_taken, missing_at_start, obstacles
from .obstacles import Obstacle

__all__ = ["Obstacle", "is_taken", "missing_at_start", "obstacles"]
