"""The catalogue: filters, counts, sort orders and nearness, all read from the query string."""

from .filter import CatalogueFilter
from .order import RECOMMENDED, recommended
from .tokens import token_counts

__all__ = ["RECOMMENDED", "CatalogueFilter", "recommended", "token_counts"]
