"""The answers of a sign-up, as text."""

from ..models import Application
from ..models.profile import AT_SIGN_UP
from .value_texts import text_of

SEPARATOR = " · "


def answers_of(application: Application) -> list[tuple[str, str]]:
    """Heading and text of every answer; answers with the same heading share a line.

    A box that is not ticked is no „nein“: perhaps nobody saw it.
    """
    lines: dict[str, list[str]] = {}
    for question in AT_SIGN_UP:
        column = question.column
        answer = question.answer_in(application)
        value = list(answer) if column.many_to_many else answer
        if value is not False and (text := text_of(application, column, value)):
            lines.setdefault(str(question.heading or column.verbose_name), []).append(text)
    return [(heading, SEPARATOR.join(texts)) for heading, texts in lines.items()]
