"""The accounts of the demo. The people are invented; the password is public and protects nothing."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEMO_PASSWORD = "stuttgart-demo-2026"  # noqa: S105 - printed by ``make demo`` for everybody


@dataclass(frozen=True)
class DemoAccount:
    """One line of the table that ``make demo`` prints."""

    role: str | Promise
    email: str
    may: str | Promise
    password: str = DEMO_PASSWORD


DEMO_ACCOUNTS = (
    DemoAccount(
        role=_("Portalverwaltung"),
        email="verwaltung@example.org",
        may=_("Darf alles: Konten, Rollen, Seiten und alle Einträge."),
    ),
    DemoAccount(
        role=_("Integrationspolitik"),
        email="integrationspolitik@example.org",
        may=_("Pflegt Einträge, Kennzahlen und Anmeldungen der Abteilung Integrationspolitik."),
    ),
    DemoAccount(
        role=_("Sozialamt"),
        email="sozialamt@example.org",
        may=_("Beantwortet die Anmeldungen, für die das Sozialamt zuständig ist."),
    ),
    DemoAccount(
        role=_("Koordination einer Organisation"),
        email="eva@example.org",
        may=_("Sieht und ändert nur, was der Evangelischen Gesellschaft Stuttgart e. V. gehört."),
    ),
    DemoAccount(
        role=_("Koordination zweier Organisationen"),
        email="koordination@example.org",
        may=_("Arbeitet für die Freundeskreise Feuerbach und Stuttgart-Süd."),
    ),
    DemoAccount(
        role=_("Vertretung"),
        email="vertretung@example.org",
        may=_("Vertritt für drei Monate die Koordination des Freundeskreises Feuerbach."),
    ),
    DemoAccount(
        role=_("Sozialplanung"),
        email="sozialplanung@example.org",
        may=_("Führt die Willkommensräume, sieht keine Menschen."),
    ),
    DemoAccount(
        role=_("Berichtswesen"),
        email="berichtswesen@example.org",
        may=_("Sieht Zahlen und Einträge der Abteilung Integrationspolitik, keine Menschen."),
    ),
    DemoAccount(
        role=_("Engagierte"),
        email="mitmachen@example.org",
        may=_("Sieht unter „Meine Seite“ die eigenen Anmeldungen."),
    ),
)
