"""The messages of a single date, as one of the two sees them."""

from dataclasses import dataclass

from ..forms.messages import MessageForm
from ..models import DateMessage, DateRequest


@dataclass(frozen=True)
class Conversation:
    """``view`` takes a message of this side, who is ``side``; ``name`` is what the other is called, if it is shown."""

    date: DateRequest
    side: str
    name: str
    view: str
    refused: MessageForm | None = None

    @property
    def address(self) -> str:
        return f"volunteers:{self.view}"

    @property
    def messages(self) -> list[DateMessage]:
        return list(self.date.messages.all())

    @property
    def form(self) -> MessageForm | None:
        """The refused message again, else an empty form while the two may write."""
        if self.refused is not None:
            return self.refused
        return MessageForm() if self.date.may_be_talked_about else None
