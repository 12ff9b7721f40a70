"""Rules for the HTML of a page that need no browser: names for screen readers, tables, times, nesting.

They hold what axe and the Nu HTML checker found, and what those would find again.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
NO_PARAGRAPH = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main nav ol p pre section table ul".split()
)
"""Elements whose start ends an open paragraph, whose end tag is then one too many."""
TYPED = {"select", "textarea", "input"}
SILENT = {"hidden", "submit", "button", "reset", "image"}
"""Types of inputs that need no label."""
REFERS = ("aria-labelledby", "aria-describedby", "for")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d|\d{4}(-\d\d)?"
)
"""Values of ``datetime`` that browsers read: at most milliseconds."""


class Element:
    def __init__(self, tag: str, attrs: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.inside: list[Element | str] = []

    def __str__(self) -> str:
        known = ("id", "name", "class", "href", "datetime", "action")
        shown = [f'{key}="{self.attrs[key][:60]}"' for key in known if key in self.attrs]
        return f"<{' '.join([self.tag, *shown])}>"

    def get(self, name: str) -> str:
        return self.attrs.get(name, "").strip()

    def walk(self) -> "Iterator[Element]":
        waiting = [one for one in reversed(self.inside) if isinstance(one, Element)]
        while waiting:
            yield (one := waiting.pop())
            waiting += [inner for inner in reversed(one.inside) if isinstance(inner, Element)]

    def above(self) -> "Iterator[Element]":
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    def is_in(self, tag: str) -> bool:
        return any(one.tag == tag for one in self.above())

    def text(self) -> str:
        """What a screen reader says of it; an input inside counts by its label."""
        if self.get("aria-hidden") == "true":
            return ""
        own = self.get("aria-label") or self.get("alt") or self.get("title")
        parts = [one if isinstance(one, str) else one.text() for one in self.inside]
        return (own + "".join(parts)).strip()


class Document(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.open = Element("#document", {}, None)
        self.faults: list[str] = []
        self.feed(html)
        if self.open is not self.root:
            self.faults.append(f"{self.open} is not closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        if len(element.attrs) < len(attrs):
            twice = [name for name, n in Counter(name for name, _ in attrs).items() if n > 1]
            self.faults.append(f"{element} has {twice} twice")
        if tag in NO_PARAGRAPH and element.is_in("p"):
            self.faults.append(f"{element} inside of a paragraph")
        self.open.inside.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != self.open.tag:
            self.faults.append(f"</{tag}> where {self.open} is open")
            return
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.inside.append(data)


def faults(html: str) -> list[str]:
    """What is wrong with a page, a sentence for each fault."""
    document = Document(html)
    elements = list(document.root.walk())
    found = [*document.faults]
    for rule in (of_page, of_names, of_references, of_forms, of_errors, of_tables, of_headings):
        found += rule(elements)
    return found


def faults_of(response) -> list[str] | None:
    """What is wrong with an answer that is a page; None for files, redirects and what may not be sent."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code in {301, 302, 405} or not is_html:
        return None
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return faults(content.decode())


def of_page(elements: list[Element]) -> Iterator[str]:
    """One title, one main part, one heading of the first level; times that browsers read; pictures in words."""
    count = Counter(one.tag for one in elements)
    yield from (f"{count[tag]} × <{tag}>" for tag in ("main", "h1") if count[tag] != 1)
    title = next((one for one in elements if one.tag == "title"), None)
    if title is None or not title.text():
        yield "no title"
    for one in elements:
        if one.tag == "time" and not MOMENT.fullmatch(one.attrs.get("datetime", one.text())):
            yield f"{one}: no browser reads this time"
        if one.tag == "img" and "alt" not in one.attrs:
            yield f"{one} without alt"
        is_chart = one.tag == "figure" and "chart" in one.get("class").split()
        if is_chart and not any(
            inside.tag == "figcaption" and inside.text() for inside in one.walk()
        ):
            yield f"{one} without a caption"


def of_names(elements: list[Element]) -> Iterator[str]:
    """Whatever one types into, clicks or reads as a heading has a name."""
    labelled = {one.get("for") for one in elements if one.tag == "label" and one.text()}
    for one in elements:
        if one.tag in TYPED and one.get("type") not in SILENT:
            named = one.get("aria-label") or one.get("aria-labelledby") or one.get("id") in labelled
            if not named and not any(e.tag == "label" and e.text() for e in one.above()):
                yield f"{one} has no label"
        elif one.tag in {
            "button",
            "th",
            "legend",
            "caption",
            "summary",
            "h1",
            "h2",
            "h3",
            "h4",
        } or (one.tag == "a" and "href" in one.attrs):
            if not one.text():
                yield f"{one} is empty"
            if one.tag in {"a", "button"} and any(e.tag in {"a", "button"} for e in one.above()):
                yield f"{one} inside of another one"


def of_references(elements: list[Element]) -> Iterator[str]:
    """Identifiers are there once, and what is referred to is there."""
    ids = Counter(one.get("id") for one in elements if "id" in one.attrs)
    yield from (f"id „{name}“ {n} times" for name, n in ids.items() if n > 1 or not name)
    for one in elements:
        for attribute in REFERS:
            for name in one.get(attribute).split():
                if name not in ids:
                    yield f"{one}: {attribute} „{name}“ is not there"


def of_forms(elements: list[Element]) -> Iterator[str]:
    for one in elements:
        if one.tag == "form" and one.attrs.get("action") == "":
            yield f"{one} with an empty action"
        if one.get("type") == "hidden" and any(name.startswith("aria-") for name in one.attrs):
            yield f"{one} is hidden and described"
        if one.tag == "option" and not (one.text() or one.get("label")) and one.is_in("select"):
            yield f"{one} of {one.parent} has no text"
        if one.tag == "select" and "required" in one.attrs and "multiple" not in one.attrs:
            first = next((e for e in one.walk() if e.tag == "option"), None)
            if first is None or first.get("value"):
                yield f"{one} is required but does not begin with a choice of nothing"
        if "maxlength" in one.attrs:
            forms = [e for e in one.above() if e.tag == "form"]
            if any(form.get("method").lower() == "post" for form in forms):
                yield f"{one} cuts what is pasted"


def of_errors(elements: list[Element]) -> Iterator[str]:
    """The title of a page says first that a form has errors."""
    title = next((one.text() for one in elements if one.tag == "title"), "")
    if any(one.get("aria-invalid") == "true" or says_error(one) for one in elements):
        if not title.startswith("Fehler: "):
            yield f"has errors, but the title is „{title}“"
    elif title.startswith("Fehler: "):
        yield "has no errors, but the title says so"


def says_error(element: Element) -> bool:
    return not {"error-summary", "errornote", "errorlist"}.isdisjoint(element.get("class").split())


def of_tables(elements: list[Element]) -> Iterator[str]:
    """All rows of a table are as wide as its first one."""
    for table in elements:
        if table.tag == "table":
            rows = [one for one in table.walk() if one.tag == "tr"]
            widths = {width_of(row) for row in rows}
            if len(widths) > 1:
                yield f"{table} has rows of {sorted(widths)} cells"


def width_of(row: Element) -> int:
    cells = [one for one in row.inside if isinstance(one, Element) and one.tag in {"td", "th"}]
    return sum(int(cell.get("colspan") or 1) for cell in cells)


def of_headings(elements: list[Element]) -> Iterator[str]:
    """No level of headings is skipped."""
    last = 0
    for one in elements:
        if re.fullmatch("h[1-6]", one.tag):
            level = int(one.tag[1])
            if level > last + 1:
                yield f"{one} „{one.text()[:40]}“ follows a heading of level {last}"
            last = level
