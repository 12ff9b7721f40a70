"""Retention periods as text; every number comes from the settings that the rules use.

The register and the rules of retention share these sentences, so that the privacy page cannot
promise anything that the job does not do. They are functions, because settings and language are
read when the page is shown.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from ..periods import after_days, days, hours, minutes, months
from . import silence


def unconfirmed() -> str:
    return _("Bestätigen Sie Ihre E-Mail-Adresse nicht, löschen wir nach %(period)s.") % {
        "period": after_days(settings.SIGN_UP_CONFIRMATION_DAYS)
    }


def closed_applications() -> str:
    return _(
        "Nach einer Absage oder wenn Sie zurückziehen: noch %(period)s; gab es ein Tandem, so lange "
        "wie dieses."
    ) % {"period": months(settings.KEEP_CLOSED_APPLICATIONS_MONTHS)}


def inactive() -> str:
    return _(
        "Solange Sie dabei sind. Geschieht %(asked)s lang nichts, fragen wir Sie; ohne "
        "Antwort löschen wir %(answer)s später."
    ) % {
        "asked": months(settings.INACTIVE_VOLUNTEER_MONTHS),
        "answer": months(settings.INACTIVE_ANSWER_MONTHS),
    }


def with_last_application() -> str:
    return _("Ist zu Ihnen sonst nichts mehr da, löschen wir auch das Profil.")


def with_application() -> str:
    return _("So lange wie die Anmeldung, zu der es gehört.")


def with_record() -> str:
    return _("So lange wie der Vorgang, zu dem es gehört.")


def absences() -> str:
    return _("Von der Eingabe bis zum Tag nach dem letzten Tag.")


def shown() -> str:
    return _(
        "Bis Sie widerrufen oder die Organisation es herausnimmt, dann ist es im selben Augenblick weg; "
        "in Zwischenspeichern von Browsern kann ein Bild noch einen Tag liegen. Von einer Geschichte "
        "bleiben die Tage von Einwilligung und Widerruf."
    )


def contact_address() -> str:
    return _("Die Adresse: solange sie in der Verwaltung eingetragen ist.")


def proposals() -> str:
    return _("Vorschläge, Bestätigungen und Anrufe: %(period)s.") % {
        "period": months(settings.KEEP_PROPOSALS_MONTHS)
    }


def conduct_checks() -> str:
    return _("Nur solange der Vermerk gebraucht wird; nach einem Einsatz höchstens %(period)s.") % {
        "period": months(settings.CONDUCT_CHECK_KEEP_MONTHS)
    }


def not_agreed() -> str:
    return _(
        "Hat jemand für Sie oder Ihr Kind gefragt und sagt niemand Ja, löschen wir nach %(period)s."
    ) % {"period": after_days(settings.AGREEMENT_DAYS)}


def askers() -> str:
    return _("So lange wie die letzte Suche, nach der Sie gefragt haben.")


def invited() -> str:
    return _("Einladungen ohne Antwort bis zum Beginn des Termins.")


def registrations() -> str:
    return _("Bis %(period)s nach dem Termin.") % {
        "period": months(settings.KEEP_REGISTRATIONS_MONTHS)
    }


def tandems() -> str:
    return _(
        "Bis %(period)s nach dem Ende; wurde kein Tandem daraus, nach der letzten Antwort."
    ) % {"period": months(settings.KEEP_ENDED_TANDEMS_MONTHS)}


def requests() -> str:
    return _("Bis %(period)s, nachdem die Suche beendet oder zurückgezogen ist.") % {
        "period": months(settings.KEEP_ENDED_TANDEMS_MONTHS)
    }


def dates() -> str:
    return _("Bis %(period)s nach dem Termin.") % {"period": months(settings.KEEP_DATES_MONTHS)}


def date_messages() -> str:
    return _("Bis %(period)s nach dem Termin, oder bis er abgesagt wird.") % {
        "period": days(settings.DATE_MESSAGES_DAYS)
    }


def enquiries() -> str:
    return _("Bis %(answered)s nach der Antwort, höchstens %(longest)s.") % {
        "answered": months(settings.KEEP_ANSWERED_ENQUIRIES_MONTHS),
        "longest": months(settings.KEEP_ENQUIRIES_MONTHS),
    }


def access_requests() -> str:
    return _("Höchstens %(period)s, angenommen oder nicht.") % {
        "period": months(settings.KEEP_ACCESS_REQUESTS_MONTHS)
    }


def deliveries() -> str:
    return _("Welche Ausgaben an Sie gingen: %(period)s nach dem Versand") % {
        "period": days(settings.KEEP_NEWSLETTER_DELIVERIES_DAYS)
    }


def standing_orders() -> str:
    return _(
        "Solange Sie den Newsletter oder Mails zu einer Suche bekommen; danach noch %(period)s als Nachweis, dass "
        "Sie das bestellt hatten."
    ) % {"period": months(settings.KEEP_ENDED_SUBSCRIPTIONS_MONTHS)}


def counselling() -> str:
    return _("Bis %(closed)s nach dem Ende der Beratung, höchstens %(longest)s.") % {
        "closed": months(settings.KEEP_CLOSED_COUNSELLING_MONTHS),
        "longest": months(settings.KEEP_COUNSELLING_MONTHS),
    }


def cooperation() -> str:
    return _("Bis %(period)s, nachdem entschieden ist, was daraus wird.") % {
        "period": months(settings.KEEP_COOPERATION_MONTHS)
    }


def expenses() -> str:
    return _(
        "Das Foto des Belegs, bis die Auslage ausgezahlt, abgelehnt oder zurückgezogen ist; der Betrag danach "
        "noch %(period)s. Die Liste der Kasse ist ein Buchungsbeleg; die Kasse bewahrt sie auf (§ 147 AO)."
    ) % {"period": months(settings.KEEP_EXPENSES_MONTHS)}


def concerns() -> str:
    return _("Bis %(done)s nach dem Abschluss, höchstens %(longest)s.") % {
        "done": months(settings.KEEP_DONE_CONCERNS_MONTHS),
        "longest": months(settings.KEEP_CONCERNS_MONTHS),
    }


def logs() -> str:
    return _("Höchstens %(period)s.") % {"period": days(settings.SECURITY_LOG_DAYS)}


def export_files() -> str:
    return _("Höchstens %(period)s; wer die Datei angefordert hat, kann sie früher löschen.") % {
        "period": hours(settings.EXPORT_FILE_HOURS)
    }


def saved_lists() -> str:
    return _(
        "Bis jemand die Liste löscht, höchstens %(period)s nach dem letzten Öffnen oder Exportieren. Was nur "
        "für ein Konto gespeichert ist, geht mit dem Konto."
    ) % {"period": months(settings.KEEP_SAVED_LISTS_MONTHS)}


def lists_unread() -> str:
    return _(
        "Große Listen, die jemand angefordert hat, sind nach %(period)s gelöscht; in ihnen suchen wir "
        "nicht nach Personen."
    ) % {"period": hours(settings.EXPORT_FILE_HOURS)}


def delivered_mail() -> str:
    return _("Zugestellte Mails löschen wir nach %(delivered)s, andere nach %(failed)s.") % {
        "delivered": after_days(settings.KEEP_DELIVERED_MAIL_DAYS),
        "failed": after_days(settings.SECURITY_LOG_DAYS),
    }


def short_links() -> str:
    return _("Wohin kurze Links in Mails führen: bis sie %(period)s lang niemand geöffnet hat.") % {
        "period": months(silence.longest())
    }


def mail_stops() -> str:
    return _("Was Sie abbestellt haben: bis %(period)s lang keine solche Mail mehr anstand.") % {
        "period": months(silence.longest())
    }


def invitations() -> str:
    return _("Bis sie angenommen oder zurückgenommen ist, höchstens %(period)s.") % {
        "period": days(settings.INVITATION_DAYS)
    }


def sessions() -> str:
    return _(
        "Sitzungen enden nach %(period)s. Ein abgeschicktes Formular lässt sich daraus %(again)s lang "
        "noch einmal öffnen."
    ) % {
        "period": hours(settings.SESSION_COOKIE_AGE // 3600),
        "again": minutes(settings.SENT_FORM_MINUTES),
    }


def sessions_unread() -> str:
    return _(
        "Sitzungen sind verschlüsselt und nach %(period)s gelöscht; sie lassen sich nicht nach "
        "Personen durchsuchen."
    ) % {"period": hours(settings.SESSION_COOKIE_AGE // 3600)}


def rate_counts() -> str:
    return _("Gezählte Versuche: bis ihre Zeit vorbei ist, danach bis zur nächsten Nacht.")


def passing() -> str:
    return f"{sessions()} {rate_counts()}"


def reminders() -> str:
    return _("Dass wir an etwas erinnert haben: %(period)s, und solange es noch offen ist.") % {
        "period": days(settings.SECURITY_LOG_DAYS)
    }


def accounts() -> str:
    return _(
        "Der Zugang endet mit der letzten Rolle. Ein Konto ohne Rolle und ohne eigene Anmeldungen "
        "wird gelöscht, wenn es %(period)s nicht genutzt wurde."
    ) % {"period": months(settings.ACCESS_UNUSED_MONTHS)}


def changes() -> str:
    return _(
        "Bleibt ohne Sie erhalten: Ist das Konto gelöscht, sagt die Nummer nicht mehr, wer es war."
    )


def imports() -> str:
    return _("Bis die Liste übernommen oder verworfen ist, höchstens %(period)s.") % {
        "period": hours(settings.IMPORT_KEPT_HOURS)
    }
