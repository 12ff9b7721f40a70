"""Papers that the portal prints: tagged PDF (PDF/UA-1), made by typst from the templates beside this."""

from .conduct_check import conduct_check_letter
from .printing import CannotPrint, render

__all__ = ["CannotPrint", "conduct_check_letter", "render"]
