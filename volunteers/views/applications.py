"""Sign-up, confirmation and the status page: no account needed."""

from contextlib import suppress

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs import versions
from programs.models import Entry
from programs.models.translated import filled_in
from programs.read_once import read_once

from .. import periods, sections
from ..accounts import login
from ..errors import GroupNotPossible, NameTaken, NotOpen, TransitionNotAllowed
from ..forms.applications import SignUpForm
from ..forms.groups import asks_groups
from ..forms.messages import MessageForm
from ..forms.questions import RevisedForm, initial_of
from ..guard import sent
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts, limited, posted
from ..guard.way_back import keeps_way_back
from ..links import applications as application_links
from ..links import people as person_links
from ..links import signing
from ..models import Application, Volunteer
from ..models.profile import asked_about_more, asked_again
from ..models.questions import APPLICATION, Question
from ..privacy.language import follow
from ..reads import timeline
from ..reads.answers import answers_of
from ..reads.engaged import BEGUN
from ..reads.joining import joining
from ..services import applications as services
from ..services import messages, requests
from . import thanks
from .by_link import by_link, only_posts
from .confirming import confirm_by_link
from .outcomes import Link, Outcome, other_ways_in


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(SignUpForm.limit)
@evenly
@versions.one_version()
def sign_up(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The form for one entry, or for „ich weiß noch nicht, was passt“.

    For one entry it is short, unless the person wants to tell more; where a tandem has to fit, the rest
    is folded.
    """
    entry = read_once(("to sign up", slug), lambda: _joinable(slug)) if slug else None
    if entry and not entry.is_open:
        return _closed(request, entry)
    wants_more = sent.MORE in request.GET or entry is None
    asks_more = entry is None or wants_more or requests.is_for_tandems(entry)
    data = request.POST if request.method == "POST" else None
    form = SignUpForm(
        data, request=request, entry=entry, asks_more=asks_more, folds_more=not wants_more
    )
    if request.method == "POST" and form.is_valid():
        form.keep(about=entry, is_short=not form.tells_more())
        try:
            if form.is_from_a_person():
                services.submit_application(entry=entry, answers=form.answers())
        except NotOpen:
            return _closed(request, entry)
        return redirect("volunteers:sign_up_done")
    context = {"form": form, "entry": entry, "joining": joining(entry)}
    return page(request, "volunteers/applications/sign_up.html", context)


def _joinable(slug: str) -> Entry:
    entries = Entry.objects.joinable().select_related("organisation__department", "department")
    return get_object_or_404(entries, slug=slug)


def _closed(request: HttpRequest, entry: Entry | None) -> HttpResponse:
    title = entry.said("title") if entry else _("Ich weiß noch nicht, was passt")
    text = _("„%(title)s“ nimmt im Moment niemanden auf. Es gibt aber vieles andere.")
    return Outcome(
        title=_("Hier ist zurzeit keine Anmeldung möglich"),
        text=filled_in(text, title=title),
        links=[
            Link(_("Andere Angebote ansehen"), reverse("portal:catalogue")),
            Link(_("Beraten lassen"), reverse("volunteers:sign_up"), is_strong=False),
        ],
    ).page(request, status=410)


@never_cache
def sign_up_done(request: HttpRequest) -> HttpResponse:
    period = periods.days(settings.SIGN_UP_CONFIRMATION_DAYS)
    return thanks.page(
        request,
        SignUpForm.limit,
        heading=_("Fast geschafft: Bitte schauen Sie in Ihr Postfach"),
        text=_(
            "In unserer Mail steht ein Link. Erst wenn Sie ihn öffnen und die Anmeldung bestätigen, "
            "kommt sie bei uns an."
        ),
        period=_("Der Link gilt %(period)s.") % {"period": period},
        aside=Link(_("Weiter stöbern"), reverse("portal:catalogue")),
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=application_links.read_confirm_token,
        records=Application.objects.select_related("entry"),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=application_links.status_path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, application: Application) -> HttpResponse:
    period = periods.after_days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS)
    context = {"application": application, "answers": answers_of(application), "period": period}
    return render(request, "volunteers/applications/confirm.html", context)


def _confirm(request: HttpRequest, application: Application) -> HttpResponse:
    try:
        services.confirm_application(application=application)
    except NotOpen:
        return _closed(request, application.entry)
    return redirect(application_links.status_path(application))


def _expired(request: HttpRequest, application: Application | None) -> HttpResponse:
    text = _(
        "Links zum Bestätigen gelten %(period)s. Danach löschen wir die Angaben. Melden Sie sich "
        "gern noch einmal an; es dauert zwei Minuten."
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=text % {"period": periods.days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS)},
        links=[_sign_up_again(application), other_ways_in()],
    ).page(request, status=410)


def _sign_up_again(application: Application | None) -> Link:
    """To the form for the same entry, while the application and its entry are there."""
    if application is not None and (path := _again_url(application)):
        return Link(_("Noch einmal anmelden"), path)
    return Link(_("Angebote ansehen"), reverse("portal:catalogue"))


def _again_url(application: Application) -> str:
    """The form for the same entry, empty while that takes nobody."""
    entry = application.entry
    if entry is None:
        return reverse("volunteers:sign_up")
    return reverse("volunteers:sign_up_entry", args=[entry.slug]) if entry.is_open else ""


def by_status_token(token: str) -> Application:
    """The confirmed application whose status page ``token`` opens; 404 for any other token.

    Raises ``LinkExpired`` when the application has been deleted.
    """
    public_id = application_links.read_status_token(token)
    applications = Application.objects.select_related("entry", "organisation")
    found = signing.find(applications, public_id=public_id)
    if found.is_unconfirmed:
        raise Http404
    return found


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The status of the application, who answers and until when; the link is the only authentication."""
    return status_page(request, by_status_token(token), token, MessageForm())


def status_page(
    request: HttpRequest, application: Application, token: str, form: MessageForm
) -> HttpResponse:
    """The page with an empty form for a message, or with a rejected form (422)."""
    prefetch_related_objects(
        [application], "changes__organisation", "tandems"
    )  # several parts read them
    shown = sections.of_application(application)
    context = {
        "application": application,
        "answers": answers_of(application),
        "token": token,
        "history": timeline.for_person(application),
        "form": form if form.is_bound or messages.is_open(application) else None,
        "sections": shown,
        "to_do": sections.to_do(shown),
        "my_page_url": person_links.person_path(application),
        "again_url": _again_url(application),
        "resting": application.volunteer if _may_rest(application) else None,
    }
    return render(
        request, "volunteers/applications/status.html", context, status=422 if form.errors else 200
    )


def _may_rest(application: Application) -> bool:
    """Whether a break from new tandems is of use here: the person could be proposed for one."""
    if application.status not in BEGUN or application.volunteer_id is None:
        return False
    is_in_one = application.entry is None or bool(application.tandems.all())
    return is_in_one or requests.makes_tandems(application)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    application = by_status_token(token)
    if request.method == "POST" and not application.is_closed:
        # It may have been closed a moment ago; the status page then shows this.
        with suppress(TransitionNotAllowed):
            services.withdraw_application(application=application)
        return redirect("volunteers:status", token)
    if application.is_closed:
        return redirect("volunteers:status", token)
    return render(
        request,
        "volunteers/applications/withdraw.html",
        {"application": application, "token": token},
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, token: str) -> HttpResponse:
    """Change the answers of the sign-up; the mail address stays."""
    application = by_status_token(token)
    in_tandems = requests.makes_tandems(application)
    in_groups = application.is_group or asks_groups(application.entry)
    asked = asked_again(APPLICATION, in_tandems=in_tandems, in_groups=in_groups)
    return _revised(request, application, token, asked, application)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, token: str) -> HttpResponse:
    """„Mehr über Sie“, which a short sign-up did not ask; begins with what the person said elsewhere."""
    application = by_status_token(token)
    asked = asked_about_more(in_tandems=requests.makes_tandems(application))
    known = application if application.more_asked else application.volunteer
    return _revised(request, application, token, asked, known or application)


def _revised(
    request: HttpRequest,
    application: Application,
    token: str,
    asked: tuple[Question, ...],
    known: Application | Volunteer,
) -> HttpResponse:
    """The form with ``asked``, and with the answers of ``known`` as a start."""
    if application.is_closed:
        return redirect("volunteers:status", token)
    data = request.POST if request.method == "POST" else None
    form = RevisedForm(data, asked=asked, initial=initial_of(known, asked))
    if request.method == "POST" and form.is_valid():
        try:
            # It may have been closed a moment ago; the status page then shows this.
            with suppress(TransitionNotAllowed):
                services.revise_application(application=application, answers=form.answers())
        except NameTaken as error:
            form.add_error("name", str(error))
        except GroupNotPossible as error:
            form.add_error("group_size", str(error))
        else:
            if "preferred_language" not in form.fields:
                return redirect("volunteers:status", token)
            with follow(application, form.answers()):
                return redirect("volunteers:status", token)
    only_more = not form.first()
    context = {"form": form, "application": application, "token": token, "only_more": only_more}
    return render(
        request, "volunteers/applications/revise.html", context, status=422 if form.errors else 200
    )


@by_link
@never_cache
@only_posts("status")
@limited("login_code", target=posted("email"))
def open_account(request: HttpRequest, token: str) -> HttpResponse:
    """Create an account for the address that the link was mailed to, and send the login code."""
    application = by_status_token(token)
    return login.open_account(request, application.email)
