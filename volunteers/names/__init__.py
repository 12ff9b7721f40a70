"""Names of persons: which characters they are written with (DIN 91379), and the fields that hold them."""

from .fields import NameField, NameFormField
from .repertoire import refused, tidied
from .validation import validate_name

__all__ = ["NameField", "NameFormField", "refused", "tidied", "validate_name"]
