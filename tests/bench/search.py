"""``make bench-search``: does the search find what people mean? Prints the share of good answers.

``questions.txt`` holds what people type and what should come. The questions are asked of the starting
data and the demo's entries. The exit code is 1 when the goal is missed.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GOAL = 0.95
"""Share of questions with a right answer among the first five."""
QUESTIONS = Path(__file__).with_name("questions.txt")


@dataclass
class Answer:
    question: str
    place: int | None
    """Place of the first right entry, from 1; None if there is none among the first fifty."""
    first: list[str]


def questions() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each question with the beginnings of the titles that are right."""
    for line in QUESTIONS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            question, titles = line.split(" | ")
            yield question, tuple(titles.split(" ; "))


def ask_all() -> list[Answer]:
    """Needs Django and a database with the starting data and the demo's entries."""
    from portal.search.kept import Search
    from programs.models import Entry

    titles = dict(Entry.objects.values_list("pk", "title"))
    answers = []
    for question, right in questions():
        found = [titles[hit.key] for hit in Search(question).hits[:50]]
        places = [n for n, title in enumerate(found, 1) if title.startswith(right)]
        answers.append(Answer(question, min(places, default=None), found[:3]))
    return answers


def share(answers: list[Answer], first: int) -> float:
    return sum(bool(one.place and one.place <= first) for one in answers) / len(answers)


def main() -> int:
    from django.core.management import call_command

    from .__main__ import set_up_django, tear_down

    set_up_django()
    try:
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("load_demo", verbosity=0)
        answers = ask_all()
    finally:
        tear_down()
    for one in answers:
        if one.place is None or one.place > 5:
            print(f"{one.question}: place {one.place or '–'}; first: {' · '.join(one.first)}")
    reciprocal = sum(1 / one.place for one in answers if one.place) / len(answers)
    print(f"questions {len(answers)}")
    print(f"right one among the first three {share(answers, 3):.1%}")
    print(f"right one among the first five  {share(answers, 5):.1%}  goal ≥ {GOAL:.0%}")
    print(f"mean reciprocal rank            {reciprocal:.2f}")
    return int(share(answers, 5) < GOAL)


if __name__ == "__main__":
    sys.exit(main())
