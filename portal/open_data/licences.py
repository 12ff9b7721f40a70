"""The licence of the data: one of those that Germany's open data pages know."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ATTRIBUTION = "Landeshauptstadt Stuttgart, Freiwilligenportal"
"""The name to give as the source, where the licence asks for one."""


class Licence(NamedTuple):
    """``address``: its text; ``uri``: its name in DCAT-AP.de."""

    key: str
    title: str
    address: str
    uri: str


LICENCES = {
    one.key: one
    for one in (
        Licence(
            "dl-de/by-2-0",
            "Datenlizenz Deutschland – Namensnennung – Version 2.0",
            "https://www.govdata.de/dl-de/by-2-0",
            "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        ),
        Licence(
            "dl-de/zero-2-0",
            "Datenlizenz Deutschland – Zero – Version 2.0",
            "https://www.govdata.de/dl-de/zero-2-0",
            "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        ),
        Licence(
            "cc-by/4.0",
            "Creative Commons Namensnennung 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/deed.de",
            "http://dcat-ap.de/def/licenses/cc-by/4.0",
        ),
        Licence(
            "cc-zero",
            "Creative Commons CC0 1.0",
            "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
            "http://dcat-ap.de/def/licenses/cc-zero",
        ),
    )
}


def licence() -> Licence:
    """The one in ``settings.OPEN_DATA_LICENCE``."""
    try:
        return LICENCES[settings.OPEN_DATA_LICENCE]
    except KeyError:
        known = ", ".join(LICENCES)
        raise ImproperlyConfigured(f"OPEN_DATA_LICENCE has to be one of: {known}.") from None
