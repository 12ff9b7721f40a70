"""The catalogue: filters, counts, sort orders and nearness, all read from the query string."""

from .filter import CatalogueFilter
from .order import RECOMMENDED, recommended

__all__ = ["RECOMMENDED", "CatalogueFilter", "recommended"]
