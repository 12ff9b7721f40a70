"""The panels above the form of an application, in this order."""

from .certificates import CertificatesPanel
from .hours import HoursPanel
from .messages import MessagesPanel
from .panel import Panel
from .preparation import PreparationPanel
from .tandem_panel import TandemPanel

PANELS: tuple[type[Panel], ...] = (
    PreparationPanel,
    TandemPanel,
    HoursPanel,
    CertificatesPanel,
    MessagesPanel,
)
