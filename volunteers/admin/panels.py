"""The panels above the form of an application, in this order."""

from .certificates import CertificatesPanel
from .hours import HoursPanel
from .messages import MessagesPanel
from .panel import Panel
from .preparation import PreparationPanel
from .tandem_panel import TandemPanel
from .why_panel import WhyPanel

PANELS: tuple[type[Panel], ...] = (
    PreparationPanel,
    TandemPanel,
    WhyPanel,
    HoursPanel,
    CertificatesPanel,
    MessagesPanel,
)
