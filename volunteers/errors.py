"""Errors whose messages are shown to users as they are."""

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the portal is violated; ``str()`` is the message for the user."""

    message = _("Das geht so nicht.")

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class TransitionNotAllowed(DomainError):
    message = _(
        "Dieser Schritt ist nicht möglich: Der Status hat sich inzwischen geändert. "
        "Bitte laden Sie die Seite neu."
    )


class TooBusy(DomainError):
    message = _(
        "Gerade schreiben andere etwas ins Portal, zum Beispiel mit einem Import. Geändert wurde nichts. "
        "Bitte versuchen Sie es in einer Minute noch einmal."
    )


class ReasonMissing(DomainError):
    message = _("Bitte nennen Sie den Grund der Absage.")


class NoFreePlace(DomainError):
    message = _("Alle Plätze sind belegt. Bitte geben Sie zuerst einen Platz frei.")


class GroupNotPossible(DomainError):
    """So many people cannot come; the message says why."""


class NotOpen(DomainError):
    message = _("Dieses Angebot nimmt zurzeit keine Anmeldungen an.")


class AnsweredElsewhere(DomainError):
    message = _(
        "Diese Anmeldung beantwortet inzwischen eine andere Stelle. Bitte laden Sie die Seite neu."
    )


class ConversationOver(DomainError):
    message = _(
        "Zu dieser Anmeldung sind keine Nachrichten mehr möglich: Sie ist beendet oder zurückgezogen."
    )


class TooManyMessages(DomainError):
    message = _(
        "Hier sind heute schon sehr viele Nachrichten gekommen. Bitte schreiben Sie morgen weiter."
    )


class RegistrationClosed(DomainError):
    message = _("Zu diesem Termin kann man sich nicht mehr anmelden.")


class AlreadyRegistered(DomainError):
    message = _("Diese Person steht schon auf der Liste.")


class NameTaken(DomainError):
    message = _(
        "Unter dieser E-Mail-Adresse gibt es schon jemanden mit diesem Namen. Bitte schreiben Sie den "
        "Namen so, dass man beide unterscheiden kann."
    )


class OfferGone(DomainError):
    message = _("Der angebotene Platz ist nicht mehr frei.")


class EventHasBegun(DomainError):
    message = _("Der Termin hat schon begonnen oder ist abgesagt. Hier ist nichts mehr zu ändern.")


class TooEarly(DomainError):
    message = _("Abhaken kann man erst am Tag des Termins.")


class NotAtTheDoor(DomainError):
    """Nobody can check in now, or this person has no place; the message says whom to ask."""

    message = _("Dafür ist hier kein Platz eingetragen. Bitte sagen Sie am Eingang Bescheid.")


class NotWaiting(DomainError):
    message = _("Diese Anmeldung wartet nicht mehr: Sie wurde inzwischen beantwortet.")


class QuestionNotWaiting(DomainError):
    message = _("Diese Frage wartet nicht mehr: Sie wurde inzwischen beantwortet oder übernommen.")


class AlreadyReminded(DomainError):
    message = _("In den letzten 24 Stunden wurde schon erinnert. Bitte warten Sie noch etwas.")


class NobodyThere(DomainError):
    message = _(
        "Dort ist im Portal niemand, der antworten kann. Die Portalverwaltung trägt Menschen unter "
        "„Mitgliedschaften“ ein."
    )


class NoOfficeAbove(DomainError):
    message = _(
        "Über dieser Organisation steht keine andere Stelle. Erinnern Sie, oder ordnen Sie dem "
        "Eintrag der Organisation eine zuständige Abteilung zu."
    )


class TandemFirst(DomainError):
    message = _(
        "Zu dieser Anmeldung gibt es ein Tandem oder einen Vorschlag. Bitte beenden Sie zuerst das "
        "Tandem oder ziehen Sie den Vorschlag zurück: unter „Tandem“ auf dieser Seite."
    )


class NotReady(DomainError):
    """The person may not start yet; the message lists what is missing and where to enter it."""
