"""Every template is used, and every template that the code names exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.template.loaders.app_directories import get_app_template_dirs

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
APPS = ("portal", "programs", "volunteers", "welcome_rooms")
MAIL = re.compile(r"[a-z_]+/[a-z_]+")
"""The name of a mail, as in the argument of ``notifications.sending.send``."""
TO_OWNER = re.compile(r"(?:account|mfa)/email/[a-z_]+")
"""The two templates of a mail, as in the argument of ``guard.owner.tell_owner``."""
OF_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
"""Error pages that Django looks up by these names."""
FILES = {"robots.txt", "requirements.txt", "meine-daten.html", "mail/text/html.txt"}
"""Names in the code that look like templates but are not; the last one is a type."""
SHARED = {
    "volunteers": {"_guard.html", "in_steps.html", "outcome.html"},
    "admin/volunteers": {"_form_rows.html", "_work_page.html"},
    "mail": {"_base.txt", "_html.html", "_block.html"},
}
"""Templates outside of the topic folders."""
IN_TEMPLATE = re.compile(r"""{% *(?:include|extends) +["']([^"']+)["']""")


def ours() -> set[str]:
    kinds = ("*.html", "*.txt")
    return {str(path.relative_to(TEMPLATES)) for kind in kinds for path in TEMPLATES.rglob(kind)}


def sends_mail(path: Path) -> bool:
    return path.parent.name == "notifications" or path.name == "mails.py"


def named_in(path: Path) -> Iterator[str]:
    """Templates that a module names, those of mails included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"[\w/]+\.(html|txt)", node.value):
                yield node.value
            elif sends_mail(path) and MAIL.fullmatch(node.value):
                yield f"mail/{node.value}.txt"
            elif TO_OWNER.fullmatch(node.value):
                yield from (f"{node.value}_{part}.txt" for part in ("subject", "message"))


def named_in_code() -> set[str]:
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return {name for path in modules for name in named_in(path)}


def named_in_templates() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*"))
    return {name for text in texts for name in IN_TEMPLATE.findall(text)}


def replaces_a_librarys(name: str) -> bool:
    """Whether a library looks it up: by the same name, or by that of a model (``admin/<app>/<model>/…``)."""
    names = {name}
    place, *of_model, last = name.split("/")
    if place == "admin" and len(of_model) == 2 and of_model[1] in apps.all_models[of_model[0]]:
        names.add(f"admin/{last}")
    folders = [Path(folder) for folder in get_app_template_dirs("templates")]
    return any((folder / one).is_file() for folder in folders for one in names)


@pytest.mark.slow
def test_every_template_is_used():
    used = named_in_code() | named_in_templates() | OF_DJANGO
    left = {name for name in ours() - used if not replaces_a_librarys(name)}
    assert not left


@pytest.mark.slow
@pytest.mark.parametrize("place", ["code", "templates"])
def test_every_named_template_is_there(place):
    names = {"code": named_in_code, "templates": named_in_templates}[place]()
    assert len(names) > 50
    for name in names - FILES:
        get_template(name)


@pytest.mark.parametrize("room", SHARED)
def test_templates_of_a_room_stand_in_folders_by_topic(room):
    folder = TEMPLATES / room
    assert {path.name for path in folder.iterdir() if path.is_file()} == SHARED[room]
    topics = {path.name for path in folder.iterdir() if path.is_dir()}
    assert len(topics) > 10
    for topic in topics - {"hoursentry"}:
        prefixes = {f"{topic}_", f"{topic.removesuffix('s')}_"}
        names = [path.name.removeprefix("_") for path in (folder / topic).iterdir()]
        assert names
        assert not [name for name in names if name.startswith(tuple(prefixes))], topic


def test_what_the_frame_of_a_page_keeps_for_itself_overwrites_nothing_of_a_view():
    """Its names begin with ``page_``: a name of a view would have the value of the frame in every block."""
    kept = re.findall(r" as (\w+) %}", (TEMPLATES / "base.html").read_text(encoding="utf-8"))
    own = [name for name in kept if name not in {"LANGUAGE_CODE", "LANGUAGE_BIDI"}]
    assert own
    assert [name for name in own if not name.startswith("page_")] == []
    users = {"base.html", "_languages.html"}
    others = [path for path in sorted(ours() - users) if path.endswith(".html")]
    texts = {path: (TEMPLATES / path).read_text(encoding="utf-8") for path in others}
    assert [(path, name) for path, text in texts.items() for name in own if name in text] == []


REORDERED = re.compile(r"(?<![\w-])order\s*:|\b(?:row|column|wrap)-reverse\b|grid-template-areas")


def test_styles_show_things_in_the_order_of_the_document():
    """Keyboard and screen reader go through the document; what one sees has to come in the same order (WCAG 2.4.3)."""
    for path in (ROOT / "static" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert REORDERED.findall(text) == [], path.name
