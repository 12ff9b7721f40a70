"""The starting data that is delivered with the portal, and how it is loaded into the database.

``files`` reads ``portal/data/``. ``kinds`` lists the columns of each kind of record. ``values`` brings a
record of a file and a row of the database into the same form. ``loader`` compares and writes them.
``claims`` checks that the files claim only what they can prove.
"""

from . import claims
from .loader import Outcome, Report, load

__all__ = ["Outcome", "Report", "claims", "load"]
