"""What the portal counts by itself, and by what it is split. The one list of automatic figures."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Split(StrEnum):
    """By what a figure is split; ``TOTAL`` is the figure of the whole city."""

    TOTAL = "total"
    ORGANISATION = "organisation"
    PROGRAMME = "programme"
    DISTRICT = "district"
    FIELD = "field"
    REASON = "reason"


SPLITS: dict[Split, Words] = {
    Split.TOTAL: _("ganze Stadt"),
    Split.ORGANISATION: _("Organisation"),
    Split.PROGRAMME: _("Programm"),
    Split.DISTRICT: _("Stadtbezirk"),
    Split.FIELD: _("Engagementfeld"),
    Split.REASON: _("Grund"),
}
OF_PEOPLE = (Split.ORGANISATION, Split.PROGRAMME, Split.DISTRICT, Split.FIELD)


class Counts(StrEnum):
    """What a figure counts; how it is added up and hidden follows from that."""

    THINGS = "things"
    """Nothing about a person: shown as it is."""
    RECORDS = "records"
    """Records of people, which add up: rows of a split make the sum."""
    PERSONS = "persons"
    """Persons: who is in two rows counts once in the sum."""
    HOURS = "hours"
    """Hours of people: add up, hidden where few people gave them."""
    DAYS = "days"
    """The median of days: does not add up."""


@dataclass(frozen=True)
class Measure:
    """One automatic figure. A flow counts what happened in a month, a stock what there is on its last day.

    ``settled_after`` is the number of days after the end of the month on which nothing that belongs to it
    is still to come: sign-ups are confirmed within a week, hours and attendance are entered within one.
    """

    slug: str
    label: Words
    counts: Counts
    what: Words
    splits: tuple[Split, ...] = OF_PEOPLE
    is_flow: bool = False
    settled_after: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether months add up to a year."""
        return self.is_flow and self.counts is not Counts.DAYS

    def rows_make_the_sum(self, split: str) -> bool:
        """Whether each counted record is in exactly one row of the split."""
        return self.counts is not Counts.PERSONS and split != Split.FIELD


DISTRICT_AND_FIELD = (Split.DISTRICT, Split.FIELD)
WEEK = 7

MEASURES: dict[str, Measure] = {
    one.slug: one
    for one in (
        Measure(
            "circles",
            _("Freundeskreise im Portal"),
            Counts.THINGS,
            _("Veröffentlichte Freundeskreise, die nicht beendet sind, am letzten Tag des Monats."),
            splits=DISTRICT_AND_FIELD,
        ),
        Measure(
            "initiatives",
            _("Initiativen im Portal"),
            Counts.THINGS,
            _("Veröffentlichte Initiativen, die nicht beendet sind, am letzten Tag des Monats."),
            splits=DISTRICT_AND_FIELD,
        ),
        Measure(
            "active",
            _("Engagierte im Einsatz"),
            Counts.PERSONS,
            _(
                "Menschen, die am letzten Tag des Monats im Einsatz waren. Wer an zwei Stellen hilft, zählt in "
                "beiden Zeilen und in der Summe einmal."
            ),
        ),
        Measure(
            "applications",
            _("Anmeldungen"),
            Counts.RECORDS,
            _("Im Monat abgesendete und bestätigte Anmeldungen."),
            is_flow=True,
            settled_after=WEEK,
        ),
        Measure(
            "answer_days",
            _("Tage bis zur ersten Antwort"),
            Counts.DAYS,
            _(
                "Median der Tage von der Bestätigung bis zur ersten Antwort, für Anmeldungen, die im Monat "
                "zum ersten Mal beantwortet wurden. Was noch auf Antwort wartet, ist nicht enthalten."
            ),
            is_flow=True,
        ),
        Measure(
            "placements",
            _("Vermittlungen"),
            Counts.RECORDS,
            _("Anmeldungen, die im Monat zum ersten Mal in den Einsatz gingen."),
            is_flow=True,
        ),
        Measure(
            "tandems",
            _("laufende Tandems"),
            Counts.RECORDS,
            _("Tandems, die am letzten Tag des Monats liefen."),
        ),
        Measure(
            "tandems_ended",
            _("beendete Tandems"),
            Counts.RECORDS,
            _("Tandems, die im Monat zu Ende gingen, mit dem Grund, den die Beteiligten nannten."),
            splits=(*OF_PEOPLE, Split.REASON),
            is_flow=True,
        ),
        Measure(
            "training_places",
            _("belegte Schulungsplätze"),
            Counts.RECORDS,
            _("Plätze in Schulungen des Monats, die belegt waren und nicht leer blieben."),
            is_flow=True,
            settled_after=WEEK,
        ),
        Measure(
            "hours",
            _("bestätigte Stunden"),
            Counts.HOURS,
            _("Stunden für Tage des Monats, die eine Woche nach seinem Ende bestätigt waren."),
            is_flow=True,
            settled_after=WEEK,
        ),
        Measure(
            "visits",
            _("Besuche in Willkommensräumen"),
            Counts.THINGS,
            _(
                "Gezählte und geschätzte Besuche. Wer zweimal kommt, zählt zweimal; niemand wird erfasst."
            ),
            splits=(Split.ORGANISATION, Split.DISTRICT),
            is_flow=True,
            settled_after=WEEK,
        ),
    )
}
