"""``make words``: how hard the public pages are to read. Prints one line a page.

The pages are those of the starting data and the demo. The exit code is 1 when a page that one needs to
sign up misses the goal; ``-v`` prints its hardest sentences. The same pages in simple German follow, and
what the rules of :mod:`tests.simple_language` count in its texts.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from tests import simple_language
from tests.readability import Text, of_page

GOAL_LIX = 40.0
GOAL_WIENER = 8.0
"""B1 of the Common European Framework has no official value in either formula.

LIX below 40 is „easy“ in Björnsson's own scale, and the mapping in use for banks under the
Barrierefreiheitsstärkungsgesetz takes 20 to 40 as B1, 40 to 50 as B2. The first Wiener Sachtextformel
names a school year: eight years are what everybody has behind them who left school after the shortest
way, and the year for which newspapers for learners at B1 write. A page has to meet both.
"""


class Page(NamedTuple):
    name: str
    path: str
    is_needed: bool = True
    """Whether one passes it on the way to signing up."""

    def in_simple_german(self) -> "Page":
        from portal.languages.addresses import in_language
        from programs import simple

        path = in_language(self.path, simple.LANGUAGE)
        return Page(f"simple: {self.name}", path, is_needed=False)


def pages() -> Iterator[Page]:
    """Needs the starting data and the demo."""
    from django.urls import reverse

    from programs.models import Entry, Event

    yield Page("home", "/")
    yield Page("catalogue", reverse("portal:catalogue"))
    yield Page("how it works", reverse("portal:page", args=["so-laeuft-es"]))
    for kind in Entry.Kind.values:
        one = Entry.objects.published().filter(kind=kind).order_by("-accepts_sign_ups", "pk")[0]
        yield Page(kind, one.get_absolute_url(), is_needed=kind != Entry.Kind.ORGANISATION)
    yield Page("event", Event.objects.upcoming()[0].get_absolute_url())
    yield Page("sign-up", reverse("volunteers:sign_up"))
    entry = Entry.objects.open().order_by("pk")[0]
    yield Page("sign-up for an entry", reverse("volunteers:sign_up_entry", args=[entry.slug]))
    yield from _own_pages()
    yield Page("my page", reverse("volunteers:my_page"))
    yield Page("companion", reverse("volunteers:companion"))
    yield Page("words", reverse("portal:words"))
    yield Page("map", reverse("portal:map"), is_needed=False)
    yield Page("fields", reverse("portal:fields"), is_needed=False)
    yield Page("figures", reverse("portal:figures"), is_needed=False)
    for slug in ("engagement-im-wandel", "willkommensraeume-konzept", "datenschutz", "impressum"):
        yield Page(slug, reverse("portal:page", args=[slug]), is_needed=False)


def _own_pages() -> Iterator[Page]:
    """The status pages of one application in each stage, which only the mailed link opens."""
    from volunteers.links import applications
    from volunteers.models import Application

    for status in ("new", "in_training", "waiting", "placed"):
        found = Application.objects.filter(status=status, entry__isnull=False).order_by("pk")
        yield Page(f"status: {status}", applications.status_path(found[0]))


def measure() -> list[tuple[Page, Text]]:
    """All pages in German, then those in simple German that one needs to sign up."""
    from django.test import Client

    from programs.models import Entry

    names = {name for row in Entry.objects.values_list("title", "contact_role") for name in row}
    client = Client(SERVER_NAME="127.0.0.1")
    measured = []
    german = list(pages())
    for page in [*german, *(page.in_simple_german() for page in german if page.is_needed)]:
        response = client.get(page.path, follow=True)
        if response.status_code != 200:
            raise RuntimeError(f"{page.path}: {response.status_code}")
        measured.append((page, of_page(response.content.decode(), names)))
    return measured


def misses(page: Page, text: Text) -> bool:
    return page.is_needed and (text.lix > GOAL_LIX or text.wiener > GOAL_WIENER)


def print_simple() -> None:
    """What can be counted in the texts written in simple German."""
    limits = f"average ≤ {simple_language.AVERAGE_SENTENCE:.0f}"
    print(
        f"{'simple German':28} texts  sentences  {limits}  longest ≤ {simple_language.LONGEST_SENTENCE}  faults"
    )
    for name, texts in simple_language.all_texts().items():
        lengths = [
            simple_language.number_of_words(one)
            for text in texts.values()
            for one in simple_language.sentences(text)
        ]
        average, longest = sum(lengths) / len(lengths), max(lengths)
        faults = sum(len(list(simple_language.faults(text))) for text in texts.values())
        print(
            f"{name:28} {len(texts):5}  {len(lengths):9}  {average:12.1f}  {longest:12}  {faults:6}"
        )


def main() -> int:
    from django.core.management import call_command

    from .__main__ import set_up_django, tear_down

    set_up_django()
    try:
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("load_demo", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        measured = measure()
    finally:
        tear_down()
    print(f"{'page':28} sentences  LIX ≤ {GOAL_LIX:.0f}  Wiener ≤ {GOAL_WIENER:.0f}")
    for page, text in measured:
        mark = "missed" if misses(page, text) else "" if page.is_needed else "no goal"
        print(
            f"{page.name:28} {len(text.sentences):9}  {text.lix:8.1f}  {text.wiener:10.1f}  {mark}"
        )
        if "-v" in sys.argv and (mark == "missed" or page.name in sys.argv):
            hard = sorted(text.sentences, key=lambda one: -Text((one,)).wiener)
            print(*(f"    {Text((one,)).wiener:5.1f} {one}" for one in hard[:12]), sep="\n")
    print_simple()
    return int(any(misses(page, text) for page, text in measured))


if __name__ == "__main__":
    sys.exit(main())
