"""Documents for print: tagged PDF (PDF/UA-1), made by typst from the templates in this folder."""

from .certificate import certificate_pdf, certificate_picture, certificate_response, period_label
from .conduct_check import conduct_check_letter
from .printing import CannotPrint, render

__all__ = [
    "CannotPrint",
    "certificate_pdf",
    "certificate_picture",
    "certificate_response",
    "conduct_check_letter",
    "period_label",
    "render",
]
