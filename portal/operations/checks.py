"""How the portal is, as one list of checks: what each asks, what is wrong in German, and what to do.

The system page, ``manage.py system`` and ``/healthz`` go through this list. A check with a ``short`` answer
is part of ``/healthz``: it wakes somebody.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince

from programs.addresses import admin_path

from . import release
from .facts import OLDEST_POSTGRESQL, Facts

HOUR = datetime.timedelta(hours=1)
FULL_CONNECTIONS = 0.85
"""From this part of all connections of PostgreSQL on, somebody should look."""
OLD_MAIL = HOUR
TLS = "https://"


class Level(IntEnum):
    FINE = 0
    NOTE = 1
    """To be seen to in the next days."""
    ALARM = 2
    """To be seen to now: people wait, or something is lost."""


@dataclass(frozen=True)
class Finding:
    """``says`` is a sentence or a value; what is not fine also says what to ``do``, and where (``link``)."""

    level: Level
    says: str
    do: str = ""
    link: str = ""
    short: str = ""
    """The answer of ``/healthz``."""


@dataclass(frozen=True)
class Check:
    key: str
    title: str
    probe: Callable[[Facts], Finding]
    is_health: bool = False
    """Whether ``/healthz`` asks it, too."""


def fine(says: str) -> Finding:
    return Finding(Level.FINE, says, short="ok")


def note(says: str, do: str, link: str = "") -> Finding:
    return Finding(Level.NOTE, says, do, link, short="ok")


def alarm(says: str, do: str, link: str = "", short: str = "error") -> Finding:
    return Finding(Level.ALARM, says, do, link, short)


def ago(at: datetime.datetime) -> str:
    if timezone.now() - at < datetime.timedelta(minutes=1):
        return "gerade eben"
    return f"vor {_since(at)}"


def lasting(seconds: float) -> str:
    return _since(timezone.now() - datetime.timedelta(seconds=seconds))


def _since(at: datetime.datetime) -> str:
    """As it stands after „vor“ and „seit“, which Django does not know: „2 Tagen“."""
    return re.sub(r"\b(Tage|Monate|Jahre)$", r"\1n", timesince(at, depth=1))


def size(number: float) -> str:
    unit = "MB" if number < 1_000_000_000 else "GB"
    value = number / (1_000_000 if unit == "MB" else 1_000_000_000)
    return f"{value:.1f} {unit}".replace(".", ",")


# --- Database and machine -----------------------------------------------------------------


def database(facts: Facts) -> Finding:
    found = facts.database
    said = f"PostgreSQL {found.version}, {size(found.size)}"
    if found.major < OLDEST_POSTGRESQL:
        return alarm(
            f"{said}: Das ist zu alt.",
            f"PostgreSQL auf {OLDEST_POSTGRESQL} oder neuer heben (pg_upgrade), vorher sichern.",
        )
    return fine(said)


def connections(facts: Facts) -> Finding:
    found = facts.database
    said = f"{found.connections} von {found.most_connections} Verbindungen"
    if found.connections < FULL_CONNECTIONS * found.most_connections:
        return fine(said)
    return note(
        f"{said} sind vergeben. Sind alle vergeben, antwortet das Portal mit „nicht erreichbar“.",
        "DATABASE_POOL_SIZE senken, max_connections von PostgreSQL erhöhen oder PgBouncer davor setzen.",
    )


def migrations(facts: Facts) -> Finding:
    missing = facts.database.missing_migrations
    if not missing:
        return fine("alle gelaufen")
    return alarm(
        f"{len(missing)} Änderungen der Datenbank fehlen dieser Version, zuerst {missing[0]}.",
        "manage.py migrate aufrufen. Es stört den laufenden Betrieb nicht.",
        short="missing",
    )


def extensions(facts: Facts) -> Finding:
    missing = facts.database.missing_extensions
    if not missing:
        return fine("alle da")
    return alarm(
        f"In der Datenbank fehlt: {', '.join(missing)}. Suche und Formulare brechen ab.",
        "Als Administrator der Datenbank CREATE EXTENSION mit diesem Namen aufrufen.",
    )


def disk(facts: Facts) -> Finding:
    free = facts.free_bytes
    if free >= settings.DISK_FREE_MB * 1_000_000:
        return fine(f"{size(free)} frei")
    return alarm(
        f"Auf dem Datenträger sind nur noch {size(free)} frei.",
        "Platz schaffen oder den Datenträger vergrößern; oft sind es alte Sicherungen oder Protokolle.",
        short="nearly full",
    )


# --- Jobs and mails -----------------------------------------------------------------------


def worker(facts: Facts) -> Finding:
    number = facts.work.workers
    if number:
        return fine("einer läuft" if number == 1 else f"{number} laufen")
    if facts.work.worked_lately:
        return fine("wird gerade ersetzt")
    return alarm(
        f"Seit {settings.WORKER_SEEN_SECONDS} Sekunden hat sich kein Worker gemeldet. Keine Mail geht "
        "hinaus, niemand wird erinnert, nichts wird gelöscht.",
        "Die Worker neu starten (manage.py worker). Was wartet, wird dann nachgeholt; verloren ist nichts.",
        short=f"not seen for {settings.WORKER_SEEN_SECONDS} seconds",
    )


def queue(name: str) -> Check:
    """Whether somebody works on a queue, and whether its jobs wait for long."""

    def probe(facts: Facts) -> Finding:
        found = facts.queues[name]
        if found.sign_of_life > settings.SIGN_OF_LIFE_SECONDS:
            return alarm(
                f"Niemand arbeitet an dieser Warteschlange, seit {lasting(found.sign_of_life)}. "
                f"Es warten {found.jobs} Aufgaben.",
                f"Einen Worker starten, der sie nimmt: manage.py worker --queues {name}. Läuft einer, hängt "
                "er: neu starten.",
                short="no worker",
            )
        if found.oldest > settings.QUEUE_LATE_SECONDS:
            return alarm(
                f"Die älteste von {found.jobs} Aufgaben wartet seit {lasting(found.oldest)}.",
                "Warten Mails: Nimmt der Mailserver (EMAIL_URL) sie an? Sonst einen weiteren Worker starten.",
                short=f"jobs wait longer than {settings.QUEUE_LATE_SECONDS} seconds",
            )
        if not found.jobs:
            return fine("leer")
        return fine(f"{found.jobs} warten, die älteste seit {lasting(found.oldest)}")

    return Check(f"queue_{name}", f"Warteschlange „{name}“", probe, is_health=True)


def failed_tasks(facts: Facts) -> Finding:
    names = facts.work.failed_tasks
    if not names:
        return fine("keine in den letzten 24 Stunden")
    return note(
        f"In den letzten 24 Stunden gescheitert: {', '.join(names)}.",
        "Das Protokoll der Worker nennt den Grund. Regelmäßige Aufgaben laufen von selbst wieder.",
    )


def mails(facts: Facts) -> Finding:
    found = facts.mails
    if found.oldest_at and timezone.now() - found.oldest_at > OLD_MAIL:
        return note(
            f"{found.waiting} Mails warten, die älteste seit {_since(found.oldest_at)}.",
            "Nimmt der Mailserver (EMAIL_URL) nichts an? Das Portal versucht es zwei Tage lang weiter.",
        )
    return fine(f"{found.waiting} unterwegs" if found.waiting else "alle verschickt")


def given_up(facts: Facts) -> Finding:
    found = facts.mails
    if not found.given_up:
        return fine("keine")
    many = "Eine Mail kam" if found.given_up == 1 else f"{found.given_up} Mails kamen"
    return note(
        f"{many} nicht an, und die Adresse wurde seither nicht erreicht.",
        "In der Liste steht, warum. War es der Mailserver, dort auswählen und „Noch einmal senden“.",
        admin_path("volunteers.outgoingmail"),
    )


def reminders(facts: Facts) -> Finding:
    at = facts.work.chores_at
    if at is None:
        return note(
            "Erinnerungen und Aufräumen liefen noch nie.",
            "Einen Worker für die Warteschlange „chores“ starten. Kurz nach der Einrichtung ist das normal.",
        )
    if timezone.now() - at > datetime.timedelta(seconds=settings.QUEUE_LATE_SECONDS):
        return alarm(
            f"Erinnerungen sind überfällig: Sie liefen zuletzt {ago(at)}.",
            "Den Worker für die Warteschlange „chores“ neu starten; sein Protokoll nennt den Grund.",
        )
    return fine(f"liefen {ago(at)}")


def retention(facts: Facts) -> Finding:
    at = facts.work.retention_at
    if at is None:
        return note(
            "Der Löschlauf lief noch nie.",
            "Er läuft nachts um 3:17 Uhr, wenn ein Worker die Warteschlange „retention“ nimmt.",
        )
    if timezone.now() - at > settings.RETENTION_LATE_HOURS * HOUR:
        return alarm(
            f"Der Löschlauf lief zuletzt {ago(at)}. Daten, deren Frist um ist, sind noch da.",
            "Den Worker für „retention“ starten, oder einmal manage.py retention aufrufen.",
            admin_path("volunteers.retentionrun"),
            short=f"did not run for {settings.RETENTION_LATE_HOURS} hours",
        )
    return fine(f"lief {ago(at)}")


def backup(facts: Facts) -> Finding:
    at = facts.backup_at
    if at is None:
        return note(
            "Es gibt noch keine Sicherung.",
            "manage.py backup einrichten, jede Nacht; docs/betrieb.md sagt, wie.",
        )
    said = f"{ago(at)} ({date_format(timezone.localtime(at), 'j. F, H:i')} Uhr)"
    if timezone.now() - at > settings.BACKUP_LATE_HOURS * HOUR:
        return alarm(
            f"Die letzte vollständige Sicherung ist zu alt: {said}.",
            "Nachsehen, warum die nächtliche Sicherung scheitert, und sie von Hand anstoßen.",
            short=f"older than {settings.BACKUP_LATE_HOURS} hours",
        )
    return fine(said)


# --- Settings -----------------------------------------------------------------------------


def certificate_key(facts: Facts) -> Finding:
    if settings.CERTIFICATE_KEY:
        return fine("gesetzt")
    return note(
        "Engagementnachweise tragen keine Unterschrift; sie lassen sich nur im Portal prüfen.",
        "manage.py certificate_key aufrufen und CERTIFICATE_KEY setzen.",
    )


def second_factor(facts: Facts) -> Finding:
    if settings.SECOND_FACTOR_REQUIRED:
        return fine("verlangt")
    return note(
        "Die Verwaltung öffnet ohne zweiten Faktor: Ein erratenes Kennwort genügt.",
        "SECOND_FACTOR_REQUIRED=1 setzen. Wer keinen hat, richtet ihn bei der nächsten Anmeldung ein.",
    )


def sign_on(facts: Facts) -> Finding:
    return fine(settings.OIDC_NAME if settings.OIDC_SERVER_URL else "nicht eingerichtet")


def transport(facts: Facts) -> Finding:
    if settings.SITE_URL.startswith(TLS):
        return fine("verschlüsselt (HTTPS)")
    return note(
        "Die Adresse des Portals beginnt nicht mit https://. Kennwörter und Daten sind unterwegs lesbar.",
        "Ein Zertifikat einrichten und SITE_URL mit https:// setzen.",
    )


def debug(facts: Facts) -> Finding:
    if not settings.DEBUG:
        return fine("Fehlerseiten zeigen nichts von innen")
    return alarm(
        "DEBUG ist an: Fehlerseiten zeigen allen Einstellungen und Daten.",
        "DEBUG entfernen und die Webprozesse neu starten.",
    )


def monitoring(facts: Facts) -> Finding:
    return fine("Prometheus, mit Schlüssel" if settings.METRICS_TOKEN else "keine (METRICS_TOKEN)")


def version(facts: Facts) -> Finding:
    return fine(f"{release.version()}, Stand der Inhalte {facts.content_version[:8]}")


# --- People who wait ----------------------------------------------------------------------


def unanswered(facts: Facts) -> Finding:
    found = facts.people
    if not found.escalated:
        late = f"{found.overdue} über dem Tag, bis zu dem eine Antwort versprochen war"
        return fine(late if found.overdue else "alle in der Zeit")
    many = (
        "Eine Anmeldung wartet" if found.escalated == 1 else f"{found.escalated} Anmeldungen warten"
    )
    return note(
        f"{many} lange nach dem versprochenen Tag auf eine erste Antwort.",
        "Die zuständigen Stellen ansprechen; auf ihrer Startseite stehen diese Anmeldungen obenan.",
        admin_path("volunteers.application", "escalated"),
    )


def left_alone(facts: Facts) -> Finding:
    number = facts.people.left_alone
    if not number:
        return fine("überall ist noch jemand da")
    many = "Bei einer Organisation" if number == 1 else f"Bei {number} Organisationen"
    return note(
        f"{many} antwortet niemand mehr: Alle Zugänge sind beendet oder gesperrt.",
        "Bei der Organisation eine neue Koordination einladen. Bis dahin antwortet die zuständige Stelle.",
        admin_path("programs.organisation", zugaenge="beendet"),
    )


CHECKS: tuple[Check, ...] = (
    Check("disk", "Datenträger", disk, is_health=True),
    Check("worker", "Worker", worker, is_health=True),
    *(queue(name) for name in settings.QUEUES),
    Check("mails", "Mails", mails),
    Check("given_up", "Aufgegebene Mails", given_up),
    Check("reminders", "Erinnerungen", reminders),
    Check("failed_tasks", "Gescheiterte Aufgaben", failed_tasks),
    Check("retention", "Löschlauf", retention, is_health=True),
    Check("backup", "Sicherung", backup, is_health=True),
    Check("database", "Datenbank", database),
    Check("connections", "Verbindungen zur Datenbank", connections),
    Check("migrations", "Änderungen der Datenbank", migrations),
    Check("extensions", "Erweiterungen der Datenbank", extensions),
    Check("unanswered", "Anmeldungen ohne Antwort", unanswered),
    Check("left_alone", "Organisationen ohne Koordination", left_alone),
    Check("second_factor", "Zweiter Faktor", second_factor),
    Check("transport", "Adresse", transport),
    Check("debug", "Fehlersuche", debug),
    Check("certificate_key", "Unterschrift der Nachweise", certificate_key),
    Check("sign_on", "Anmeldung der Stadt", sign_on),
    Check("monitoring", "Messwerte", monitoring),
    Check("version", "Version", version),
)


def run(facts: Facts, checks: tuple[Check, ...] = CHECKS) -> Iterator[tuple[Check, Finding]]:
    """Each check with what it found."""
    for check in checks:
        yield check, check.probe(facts)


def health(facts: Facts) -> dict[str, str]:
    """Part → „ok“ or what is wrong, for ``/healthz``. Raises Django's ``Error``."""
    asked = tuple(check for check in CHECKS if check.is_health)
    return {check.key: finding.short for check, finding in run(facts, asked)}
