"""The starting data: what the portal ships with, and how it gets into the database.

``files`` reads ``portal/data/``, ``kinds`` says which columns belong to a record, ``values`` puts a
record and a row of the database into the same form, ``loader`` decides and writes.
"""

from .loader import Outcome, Report, load

__all__ = ["Outcome", "Report", "load"]
