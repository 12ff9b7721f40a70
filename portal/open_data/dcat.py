"""The data sets, described for the city's open data page: DCAT-AP.de 3.0.

One ``dcat:Dataset`` a list of ``/api/v1/``, with a file (CSV) and the interface (JSON) as distributions.
``dcatde:contributorID`` names the system that delivers to GovData; that is whoever harvests this
catalogue, so it stands here only if ``settings.OPEN_DATA_CONTRIBUTOR`` names one.
"""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from programs.phones import dialled
from volunteers.reads.reach import reach_for_everything

from .description import VERSION
from .licences import ATTRIBUTION, licence
from .lists import LISTS, OpenList
from .rdf import Link, Node, Typed
from .stamps import Stamps, of_lists

PROFILE = "http://dcat-ap.de/def/dcatde/3.0/spec/"
"""DCAT-AP.de 3.0."""
EU = "http://publications.europa.eu/resource/authority/"
GERMAN = Link(f"{EU}language/DEU")
SOCIETY = Link(f"{EU}data-theme/SOCI")
THEMES = Link(f"{EU}data-theme")
STUTTGART = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/08111000"
PLACE: Node = {
    "@id": STUTTGART,
    "@type": "dcterms:Location",
    "dcat:bbox": Typed(
        "POLYGON((9.03 48.69, 9.32 48.69, 9.32 48.87, 9.03 48.87, 9.03 48.69))", "geo:wktLiteral"
    ),
    "dcat:centroid": Typed("POINT(9.18 48.78)", "geo:wktLiteral"),
}
"""The city, in hundredths of a degree (length, breadth; WGS84). The box is rounded outwards."""
MUNICIPALITY = Link("http://dcat-ap.de/def/politicalGeocoding/Level/municipality")
KEYWORDS = ["Ehrenamt", "Engagement", "Integration", "Stuttgart"]
FORMATS = {
    "csv": (
        f"{EU}file-type/CSV",
        "text/csv",
        "Die ganze Liste als eine Datei: UTF-8, Semikolon als Trennzeichen, Namen der Spalten in der ersten Zeile.",
    ),
    "json": (
        f"{EU}file-type/JSON",
        "application/json",
        "Die Liste in Seiten, zum Abfragen durch Programme; beschrieben in OpenAPI.",
    ),
}
"""Form → its name in the EU's list, its media type, and what one gets."""


def catalogue() -> Node:
    stamps = of_lists()
    issued = [one.issued for one in stamps.values() if one.issued]
    modified = [one.modified for one in stamps.values() if one.modified]
    return {
        "@id": _address("open_data:catalogue", "ttl"),
        "@type": "dcat:Catalog",
        "dcterms:title": "Offene Daten des Freiwilligenportals Stuttgart",
        "dcterms:description": "Engagement mit und für Menschen, die neu in Stuttgart sind: Angebote, "
        "Organisationen, Willkommensräume, Termine und Zahlen.",
        "dcterms:publisher": _publisher(),
        "dcterms:language": GERMAN,
        "dcterms:license": Link(licence().uri),
        "dcterms:conformsTo": Link(PROFILE),
        "dcterms:spatial": PLACE,
        "dcat:themeTaxonomy": THEMES,
        "foaf:homepage": Link(_address("portal:open_data")),
        **_times(Stamps(min(issued, default=None), max(modified, default=None))),
        "dcat:dataset": [
            _data_set(one, stamps.get(one.name, Stamps(None, None))) for one in LISTS.values()
        ],
    }


def _times(stamps: Stamps) -> Node:
    """Only what is known."""
    known: dict[str, datetime.datetime | None] = {
        "dcterms:issued": stamps.issued,
        "dcterms:modified": stamps.modified,
    }
    return {
        name: Typed(timezone.localtime(at).isoformat(timespec="seconds"), "xsd:dateTime")
        for name, at in known.items()
        if at
    }


def _address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _part_of_catalogue(name: str) -> str:
    """The name by which who harvests knows a data set again; the same in both forms of the catalogue."""
    return f"{_address('open_data:catalogue', 'ttl')}#{name}"


def _publisher() -> Node:
    return {
        "@type": "foaf:Agent",
        "foaf:name": "Landeshauptstadt Stuttgart",
        "dcterms:type": Link("http://purl.org/adms/publishertype/LocalAuthority"),
    }


def _contact() -> Node:
    """A function and its page, never a person."""
    found = reach_for_everything()
    node: Node = {
        "@type": "vcard:Kind",
        "vcard:fn": found.role if found else "Landeshauptstadt Stuttgart",
        "vcard:hasURL": Link(_address("portal:page", "impressum")),
    }
    if found and found.phone:
        node["vcard:hasTelephone"] = Link(f"tel:{dialled(found.phone)}")
    return node


def _data_set(one: OpenList, stamps: Stamps) -> Node:
    address = _address("open_data:api_list", one.name)
    node: Node = {
        "@id": _part_of_catalogue(one.name),
        "@type": "dcat:Dataset",
        "dcterms:title": f"{one.title} im Freiwilligenportal Stuttgart",
        "dcterms:description": one.about,
        "dcterms:identifier": Typed(address, "xsd:string"),
        "dcat:version": Typed(VERSION, "xsd:string"),
        **_times(stamps),
        "dcterms:publisher": _publisher(),
        "dcat:contactPoint": _contact(),
        "dcat:theme": SOCIETY,
        "dcat:keyword": [*KEYWORDS, one.title],
        "dcat:landingPage": Link(_address("portal:open_data")),
        "dcterms:language": GERMAN,
        "dcterms:accessRights": Link(f"{EU}access-right/PUBLIC"),
        "dcterms:accrualPeriodicity": Link(f"{EU}frequency/UPDATE_CONT"),
        "dcatde:politicalGeocodingLevelURI": MUNICIPALITY,
        "dcterms:spatial": Link(STUTTGART),
        "dcat:distribution": [
            _distribution(one, "csv", _address("open_data:api_csv", one.name)),
            _distribution(one, "json", address),
        ],
    }
    if settings.OPEN_DATA_CONTRIBUTOR:
        node["dcatde:contributorID"] = Link(settings.OPEN_DATA_CONTRIBUTOR)
    return node


def _distribution(one: OpenList, form: str, address: str) -> Node:
    file_type, media_type, about = FORMATS[form]
    node: Node = {
        "@id": _part_of_catalogue(f"{one.name}-{form}"),
        "@type": "dcat:Distribution",
        "dcterms:title": f"{one.title} ({form.upper()})",
        "dcterms:description": about,
        "dcat:accessURL": Link(address),
        "dcterms:license": Link(licence().uri),
        "dcatde:licenseAttributionByText": ATTRIBUTION,
        "dcterms:format": Link(file_type),
        "dcat:mediaType": Link(f"https://www.iana.org/assignments/media-types/{media_type}"),
        "dcterms:language": GERMAN,
        "dcatap:availability": Link(f"{EU}planned-availability/AVAILABLE"),
    }
    if form == "csv":
        node["dcat:downloadURL"] = Link(address)
    return node
