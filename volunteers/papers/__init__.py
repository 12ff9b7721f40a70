"""Documents for print: tagged PDF (PDF/UA-1), made by typst from the templates in this folder."""

from .certificate import certificate_pdf, certificate_picture, certificate_response, period_label
from .conduct_check import conduct_check_letter
from .door import door_sheet
from .missing import line, without_missing
from .printing import CannotPrint, picture, render
from .qr import qr_code

__all__ = [
    "CannotPrint",
    "certificate_pdf",
    "certificate_picture",
    "certificate_response",
    "conduct_check_letter",
    "door_sheet",
    "line",
    "period_label",
    "picture",
    "qr_code",
    "render",
    "without_missing",
]
