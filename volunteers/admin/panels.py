"""What the page of one application shows above the record, in this order."""

from .messages import MessagesPanel
from .panel import Panel
from .preparation import PreparationPanel

PANELS: tuple[type[Panel], ...] = (PreparationPanel, MessagesPanel)
