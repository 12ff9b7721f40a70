"""Pages in other languages beside the German ones, made anew each time."""

import time
from collections import defaultdict
from statistics import median

from django.conf import settings
from django.test import Client, override_settings

from portal.languages.addresses import GERMAN, in_language

ROUNDS = 15
NOT_KEPT = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
PATHS = (
    *("/", "/mitmachen/", "/mitmachen/?q=garten", "/termine/", "/anmelden/"),
    *("/einsatz/bench-0/", "/einsatz/bench-1/"),  # without translations, and with them
    *("/programm/willkommenspaten/", "/willkommensraum/willkommensraum-feuerbach/"),
)


@override_settings(CACHES={**settings.CACHES, "pages": NOT_KEPT, "answers": NOT_KEPT})
def slowest() -> list[tuple[str, float]]:
    """Language and the largest ratio of its pages' times to the German ones, as medians of alternating rounds."""
    client = Client(headers={"host": "127.0.0.1"})
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    languages = [code for code, _name in settings.LANGUAGES]
    for number in range(ROUNDS + 1):
        for path in PATHS:
            for language in languages:
                address = in_language(path, language)
                start = time.process_time()
                response = client.get(address)
                seconds = time.process_time() - start
                if response.status_code != 200:
                    raise RuntimeError(f"{address} answered {response.status_code}.")
                if number:  # the first round loads catalogues and templates
                    took[path, language].append(seconds)
    german = {path: median(took[path, GERMAN]) for path in PATHS}
    return [
        (language, max(median(took[path, language]) / german[path] for path in PATHS))
        for language in languages
        if language != GERMAN
    ]
