"""What people answered, as text."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from ..models.profile import AT_SIGN_UP
from ..models.questions import Question
from .value_texts import text_of

SEPARATOR = " · "


def answers_of(
    record: models.Model, asked: Iterable[Question] = AT_SIGN_UP
) -> list[tuple[str, str]]:
    """Heading and text of every answer of a volunteer; answers with the same heading share a line."""
    headed = ((str(one.heading or one.column.verbose_name), one.column) for one in asked)
    return texts_of(record, headed)


def texts_of(record: models.Model, headed: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The same for model fields with headings.

    A box that is not ticked is no „nein“: perhaps nobody saw it.
    """
    lines: dict[str, list[str]] = {}
    for heading, column in headed:
        answer = getattr(record, column.name)
        value = list(answer.all()) if column.many_to_many else answer
        if value is not False and (text := text_of(record, column, value)):
            lines.setdefault(heading, []).append(text)
    return [(heading, SEPARATOR.join(texts)) for heading, texts in lines.items()]
