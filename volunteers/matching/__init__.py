"""Who fits whom: suggestions for people, who decide.

* ``profiles``: what is known of both sides, as sets for words and as bit masks for numpy;
* ``criteria``: what speaks for a pair and how much, with the table of weights;
* ``conditions``: what is never broken;
* ``suggestions``: the best for one request, for one volunteer, and for all requests together.

Points and conditions have one implementation over bit masks, for one pair as for the whole matrix.
Words are made for the pairs that are shown; a property test holds them to the same numbers.
"""

from .conditions import Obstacle, missing_check, obstacles

__all__ = ["Obstacle", "missing_check", "obstacles"]
