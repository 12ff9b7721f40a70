"""The accounts of the demo. The people are invented; the password is public and protects nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEMO_PASSWORD = "stuttgart-demo-2026"  # noqa: S105 - printed by ``make demo`` for everybody


@dataclass(frozen=True)
class DemoAccount:
    """One account, and one line of the table that ``make demo`` prints."""

    role: str | Promise
    email: str
    name: str
    may: str | Promise
    works_for: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    """Into which somebody translates."""
    """Slug of an organisation → role there (``Membership.Role``)."""
    password: str = DEMO_PASSWORD


ADMINISTRATOR = "verwaltung@example.org"
VOLUNTEER = "mitmachen@example.org"

DEMO_ACCOUNTS = (
    DemoAccount(
        role=_("Portalverwaltung"),
        email=ADMINISTRATOR,
        name="Petra Portalverwaltung",
        may=_("Darf alles: Konten, Rollen, Seiten und alle Einträge."),
    ),
    DemoAccount(
        role=_("Integrationspolitik"),
        email="integrationspolitik@example.org",
        name="Ingo Integration",
        may=_("Pflegt Einträge, Kennzahlen und Anmeldungen der Abteilung Integrationspolitik."),
        works_for={"abteilung-integrationspolitik": "staff"},
    ),
    DemoAccount(
        role=_("Sozialamt"),
        email="sozialamt@example.org",
        name="Sonja Sozialamt",
        may=_("Beantwortet die Anmeldungen, für die das Sozialamt zuständig ist."),
        works_for={"sozialamt": "staff"},
    ),
    DemoAccount(
        role=_("Koordination einer Organisation"),
        email="eva@example.org",
        name="Eva Koordination",
        may=_("Sieht und ändert nur, was der Evangelischen Gesellschaft Stuttgart e. V. gehört."),
        works_for={"evangelische-gesellschaft-stuttgart": "coordinator"},
    ),
    DemoAccount(
        role=_("Koordination zweier Organisationen"),
        email="koordination@example.org",
        name="Frieder Freundeskreis",
        may=_("Arbeitet für die Freundeskreise Feuerbach und Stuttgart-Süd."),
        works_for={
            "freundeskreis-fluechtlinge-feuerbach-fff": "coordinator",
            "freundeskreis-fluechtlinge-stuttgart-sued": "coordinator",
        },
    ),
    DemoAccount(
        role=_("Vertretung"),
        email="vertretung@example.org",
        name="Vera Vertretung",
        may=_("Vertritt für drei Monate die Koordination des Freundeskreises Feuerbach."),
        works_for={"freundeskreis-fluechtlinge-feuerbach-fff": "deputy"},
    ),
    DemoAccount(
        role=_("Sozialplanung"),
        email="sozialplanung@example.org",
        name="Sven Sozialplanung",
        may=_("Führt die Willkommensräume, sieht keine Menschen."),
        works_for={"abteilung-sozialplanung-sozialberichterstattung-und-foerderung": "room_staff"},
    ),
    DemoAccount(
        role=_("Berichtswesen"),
        email="berichtswesen@example.org",
        name="Berta Bericht",
        may=_("Sieht Zahlen und Einträge der Abteilung Integrationspolitik, keine Menschen."),
        works_for={"abteilung-integrationspolitik": "reporting"},
    ),
    DemoAccount(
        role=_("Vertrauensperson"),
        email="vertrauen@example.org",
        name="Thea Vertrauen",
        may=_(
            "Liest, was unter „Etwas stimmt nicht“ ankommt, und hält Tandems an. Sieht sonst nichts."
        ),
        works_for={"sozialamt": "trust"},
    ),
    DemoAccount(
        role=_("Übersetzung"),
        email="uebersetzung@example.org",
        name="Uljana Übersetzung",
        may=_("Übersetzt öffentliche Texte ins Ukrainische. Sieht sonst nichts."),
        works_for={"abteilung-integrationspolitik": "translator"},
        language="uk",
    ),
    DemoAccount(
        role=_("Engagierte"),
        email=VOLUNTEER,
        name="Mira Mitmach",
        may=_("Sieht unter „Meine Seite“ die eigenen Anmeldungen."),
    ),
)
