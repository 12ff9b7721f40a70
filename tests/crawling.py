"""Parses an HTML page: its links, forms with their values, autocompletes, and anything that would run."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

BUTTON_TYPES = {"submit", "image"}

PREVIEW = re.compile(r"/verwaltung/portal/newsletterissue/\d+/schritt/vorschau/")
"""The one frame of the portal: an issue of the newsletter beside its form."""


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of each select."""

    def data(self, **changed: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            if name not in changed:
                found.setdefault(name, []).append(value)
        return found | {name: [value] for name, value in changed.items()}


class Page(HTMLParser):
    """Parses a page once; the attributes have the results."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.autocompletes: set[str] = set()
        self.running: list[str] = []
        """Inline scripts, event handlers and external elements; user input must never become one of these."""
        self._form: Form | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self._textarea: tuple[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._look_for_what_runs(tag, told)
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if "data-ajax--url" in told:
            asked = {
                name: told[f"data-{name.replace('_', '-')}"]
                for name in ("app_label", "model_name", "field_name")
            }
            self.autocompletes.add(f"{told['data-ajax--url']}?{urlencode(asked)}&term=")
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._take_field(self._form, tag, told)

    def _take_field(self, form: Form, tag: str, told: dict[str, str]) -> None:
        name, value = told.get("name", ""), told.get("value", "")
        kind = told.get("type", "text" if tag == "input" else "submit")
        if tag == "select" and name:
            self._select = (name, [], [])
        elif tag == "option" and self._select is not None:
            self._select[1].append(value)
            if "selected" in told:
                self._select[2].append(value)
        elif tag == "textarea" and name:
            self._textarea = (name, [])
        elif (tag == "input" and kind in BUTTON_TYPES) or (tag == "button" and kind == "submit"):
            form.buttons.append((name, value))
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in told):
            form.fields.append((name, value))
        elif tag == "input" and name == "_selected_action":
            form.choices.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        form = self._form
        if tag == "form":
            self._form = None
        if form is None:
            return
        if tag == "select" and self._select is not None:
            name, values, chosen = self._select
            form.choices[name] = values
            form.fields += [(name, value) for value in chosen or values[:1]]
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            name, parts = self._textarea
            form.fields.append((name, "".join(parts).removeprefix("\n")))
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea[1].append(data)

    def _look_for_what_runs(self, tag: str, told: dict[str, str]) -> None:
        if tag == "script" and "src" not in told and told.get("type") != "application/json":
            self.running.append("inline script")
        own_frame = tag == "iframe" and PREVIEW.fullmatch(told.get("src", ""))
        outside = {"iframe", "object", "embed", "base", "marquee", "blink", "applet"}
        if tag in outside and not own_frame:
            self.running.append(tag)
        self.running += [f"{tag} {name}" for name in told if name.startswith("on")]
        for name in ("href", "src", "action", "formaction", "srcdoc"):
            where = told.get(name, "").strip().lower()
            if (name == "srcdoc" and where) or where.startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                self.running.append(f"{tag} {name}={where[:40]}")
            if name in {"src", "srcset"} and where.startswith(("http:", "https:", "//")):
                self.running.append(f"{tag} loads {where[:40]}")
