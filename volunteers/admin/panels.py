"""What the page of one application shows above the record, in this order."""

from .messages import MessagesPanel
from .panel import Panel

PANELS: tuple[type[Panel], ...] = (MessagesPanel,)
