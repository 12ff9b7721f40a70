"""``manage.py makemessages``, called by ``make messages``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages
from django.utils.translation import to_locale

from portal.languages.collecting import ALIASES, ONLY_STAFF_READS
from portal.languages.compiling import sources

OF_EVERY_RUN = ('"POT-Creation-Date:', '"Report-Msgid-Bugs-To:')


class Command(makemessages.Command):
    """Django's command for the portal's files. Lines do not break, so that a change of a text is one line."""

    help = "Collects the texts that are to be translated into portal/locale (needs GNU gettext)."
    # What looks alike is not the same: a translator sees every new text as new.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={name}" for name in ALIASES),
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], *ONLY_STAFF_READS, "locale"]
        options["extensions"] = options["extensions"] or ["html", "txt", "py", "typ"]
        options["add_location"] = "file"
        options["no_wrap"] = options["no_obsolete"] = True
        if not options["locale"]:
            options["locale"] = [to_locale(code) for code, _name in settings.LANGUAGES[1:]]
        super().handle(*args, **options)
        for path in sources():
            _forget_the_day(path)


def _forget_the_day(path: Path) -> None:
    """Remove the lines that differ in every run, so that a file changes only when its texts do."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(OF_EVERY_RUN)]
    path.write_text("".join(kept), "utf-8")
