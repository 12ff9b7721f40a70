"""What staff may do with an issue: each button with its texts, its form and its service."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.pages import PagesMixin
from programs.exchange.reloading import reloading
from programs.requests import AnyUser, UserRequest
from volunteers.errors import DomainError

from . import audience, issues, suggestions
from .content import blocks_of
from .issue_forms import ChoosingForm, TestForm, WhenForm
from .issue_models import ALIVE, BEGUN, DeliveryState, IssueStatus, NewsletterIssue

WRITE, SEND = "portal.change_newsletterissue", "portal.publish_newsletterissue"
S = IssueStatus
RELOAD_SECONDS = 4


def _nothing(issue: NewsletterIssue) -> str:
    return ""


def _no_values(issue: NewsletterIssue, user: AnyUser) -> dict[str, Any]:
    return {}


def always(issue: NewsletterIssue) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    label: str | Promise
    when: tuple[IssueStatus, ...]
    take: Callable[[NewsletterIssue, dict[str, Any]], NewsletterIssue | None]
    done: str | Promise = ""
    perm: str = SEND
    form: type[forms.Form] = forms.Form
    initial: Callable[[NewsletterIssue, Any], dict[str, Any]] = _no_values
    says: Callable[[NewsletterIssue], str] = _nothing
    fits: Callable[[NewsletterIssue], bool] = always
    """Beside the status."""
    then: str = ""
    """The step whose page follows; else it is the page of the issue."""
    danger: bool = False


def _who_gets_it(issue: NewsletterIssue) -> str:
    count = audience.recipients_of(issue, blocks_of(issue)).count()
    text = ngettext(
        "Zurzeit bekommt die Ausgabe %(n)d Adresse.",
        "Zurzeit bekommen die Ausgabe %(n)d Adressen.",
        count,
    ) % {"n": count}
    if problem := issues.problem_of(issue):
        return f"{problem} {text}"
    if issue.tested != issues.fingerprint(issue):
        return text + " " + __("So, wie sie jetzt ist, hat noch niemand eine Testmail bekommen.")
    return text


def _test(issue: NewsletterIssue, data: dict[str, Any]) -> None:
    issues.send_test(issue=issue, to=data["to"])


STEPS: dict[str, Step] = {
    "aussuchen": Step(
        _("Einsätze und Termine aussuchen"), (S.DRAFT,), lambda issue, data: None, perm=WRITE
    ),
    "testmail": Step(
        _("Testmail schicken"),
        (S.DRAFT, S.SCHEDULED),
        _test,
        _("Die Testmail ist unterwegs."),
        perm=WRITE,
        form=TestForm,
        initial=lambda issue, user: {"to": user.email},
        says=lambda issue: __(
            "Sie sieht aus wie die Ausgabe, so wie sie gespeichert ist. Die Links zum Abbestellen führen in "
            "ihr nur zur Seite des Newsletters."
        ),
    ),
    "planen": Step(
        _("Versenden oder Versand planen"),
        (S.DRAFT,),
        lambda issue, data: issues.schedule(issue=issue, at=data["at"], seen=data["seen"]),
        _("Der Versand ist geplant. Bis dahin können Sie ihn zurücknehmen."),
        form=WhenForm,
        initial=lambda issue, user: {"seen": issues.fingerprint(issue)},
        says=_who_gets_it,
        then="versand",
    ),
    "zuruecknehmen": Step(
        _("Zurücknehmen und weiter bearbeiten"),
        (S.SCHEDULED,),
        lambda issue, data: issues.take_back(issue=issue),
        _("Die Ausgabe ist wieder ein Entwurf."),
    ),
    "versand": Step(
        _("Stand des Versands"), (S.SCHEDULED, *BEGUN), lambda issue, data: None, perm=WRITE
    ),
    "anhalten": Step(
        _("Versand anhalten"),
        (S.SENDING,),
        lambda issue, data: issues.pause(issue=issue),
        _("Angehalten. Höchstens die eine Mail, die gerade unterwegs war, geht noch hinaus."),
        then="versand",
    ),
    "weiter": Step(
        _("Weiter versenden"),
        (S.PAUSED,),
        lambda issue, data: issues.go_on(issue=issue),
        _("Der Versand geht in der nächsten Minute weiter."),
        then="versand",
    ),
    "abbrechen": Step(
        _("Versand abbrechen"),
        ALIVE,
        lambda issue, data: issues.stop(issue=issue),
        _("Abgebrochen."),
        says=lambda issue: __(
            "Wer die Ausgabe noch nicht hat, bekommt sie nicht mehr. Das lässt sich nicht zurücknehmen."
        ),
        then="versand",
        danger=True,
    ),
    "ausblenden": Step(
        _("Von der Webseite nehmen"),
        BEGUN,
        lambda issue, data: issues.show_on_web(issue=issue, show=False),
        _("Die Seite der Ausgabe sagt nun, dass sie nicht mehr da ist."),
        fits=lambda issue: issue.is_public,
        danger=True,
    ),
    "zeigen": Step(
        _("Wieder auf der Webseite zeigen"),
        BEGUN,
        lambda issue, data: issues.show_on_web(issue=issue, show=True),
        _("Die Ausgabe ist wieder auf der Webseite."),
        fits=lambda issue: not issue.is_public,
    ),
    "kopieren": Step(
        _("Als neuen Entwurf kopieren"),
        tuple(IssueStatus),
        lambda issue, data: issues.copy_issue(issue=issue),
        _("Das ist die Kopie. Bitte prüfen Sie Themen und Sprache."),
        perm="portal.add_newsletterissue",
    ),
}


def steps_of(issue: NewsletterIssue, user: AnyUser) -> Iterator[tuple[str, Step]]:
    """Those that fit the status and that the user may take."""
    for slug, step in STEPS.items():
        if issue.status in step.when and step.fits(issue) and user.has_perm(step.perm):
            yield slug, step


def choosing(
    model_admin: PagesMixin[NewsletterIssue], request: UserRequest, issue: NewsletterIssue
) -> HttpResponse:
    """Lists with boxes; the search stays in the address."""
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    form = ChoosingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        try:
            count = suggestions.take_in(
                issue=issue, entries=chosen["entry"], events=chosen["event"]
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            text = ngettext(
                "%(n)d Baustein ist dazugekommen.", "%(n)d Bausteine sind dazugekommen.", count
            )
            messages.success(request, text % {"n": count})
            return HttpResponseRedirect(admin_path(issue))
    return model_admin.page(
        request,
        "admin/newsletter/choosing.html",
        str(STEPS["aussuchen"].label),
        subtitle=issue,
        original=issue,
        form=form,
        words=words,
        groups=suggestions.suggestions(issue, words),
    )


def progress(
    model_admin: PagesMixin[NewsletterIssue], request: UserRequest, issue: NewsletterIssue
) -> HttpResponse:
    """How far it is; loads itself again while it goes on."""
    numbers = issue.deliveries.numbers() if issue.is_alive else {}
    done = sum(count for state, count in numbers.items() if state != DeliveryState.WAITING)
    shown = {one: step for one, step in steps_of(issue, request.user) if one in CONTROLS}
    response = model_admin.page(
        request,
        "admin/newsletter/progress.html",
        str(STEPS["versand"].label),
        subtitle=issue,
        original=issue,
        issue=issue,
        numbers=numbers,
        done=done,
        steps=[(slug, step, admin_path(issue, "step", slug)) for slug, step in shown.items()],
    )
    if issue.status in (S.SCHEDULED, S.SENDING):
        return reloading(request, response, seconds=RELOAD_SECONDS)
    return response


CONTROLS = ("zuruecknehmen", "anhalten", "weiter", "abbrechen")
PAGES = {"aussuchen": choosing, "versand": progress}
