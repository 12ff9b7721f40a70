"""„Meine Daten“: see, download, correct and delete one's own data, by login or mailed link."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..errors import DomainError, NameTaken
from ..forms.my_data import LinkForm
from ..forms.questions import RevisedForm, initial_of
from ..forms.reading import language_of_page
from ..guard import security_log
from ..guard import sent as sent_form
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts, given, limited
from ..guard.way_back import keeps_way_back
from ..links import applications as application_links
from ..links import my_data as my_data_links
from ..links import people as person_links
from ..links import signing
from ..links import tandems as tandem_links
from ..models import (
    Application,
    CompanionRequest,
    Registration,
    SecurityEvent,
    User,
    Volunteer,
)
from ..models.profile import asked_again
from ..models.questions import VOLUNTEER, Question
from ..periods import hours
from ..privacy import asking, correcting, disclosure, erasing, leaving, packing
from ..privacy.language import write_in
from ..privacy.scope import scope_of
from ..reads import persons
from ..reads.persons import Person
from ..services.answers import Answers
from ..services.requests import makes_tandems
from . import thanks
from .by_link import by_link, only_posts
from .outcomes import Link, Outcome, choice

View = Callable[[HttpRequest, Person], HttpResponse]


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(LinkForm.limit)
@evenly
def my_data(request: HttpRequest) -> HttpResponse:
    """With a login the overview; without one a form that mails the link to an address.

    The response is the same whether the portal knows the address or not; only the mail says it.
    """
    if request.method != "POST" and isinstance(request.user, User):
        return _of_account(request, request.user)
    form = LinkForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        form.keep()
        if form.is_from_a_person():
            asking.send_link(email=form.cleaned_data["email"])
        return redirect("volunteers:my_data_sent")
    return page(request, "volunteers/my_data/ask.html", {"form": form})


def _of_account(request: HttpRequest, user: User) -> HttpResponse:
    """What is kept of the people at the account's confirmed addresses, each on a page of their own."""
    people = persons.people_at(persons.confirmed_addresses(user), everything=True)
    tokens = [my_data_links.token_for(one.whose) for one in people]
    if len(people) > 1:
        paths = [signing.path_of("my_data_by_link", token) for token in tokens]
        return choice(_("Meine Daten"), people, paths).page(request)
    if not people:
        return overview(request, Person((), ""))
    return overview(request, replace(people[0], token=tokens[0]))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return thanks.page(
        request,
        LinkForm.limit,
        text=_(
            "Ist zu Ihrer Adresse etwas gespeichert, steht in unserer E-Mail der Link zu Ihren Daten. "
            "Sonst steht darin, dass nichts gespeichert ist."
        ),
        period=_("Der Link gilt %(period)s.") % {"period": hours(settings.MY_DATA_LINK_HOURS)},
        waits=False,
        aside=Link(
            _("Noch einmal fragen, auch mit einer anderen Adresse"), signing.path_of("my_data")
        ),
    )


@by_link
@never_cache
@only_posts("my_page_by_link")
@limited("own_link", target=given("token"))
def from_my_page(request: HttpRequest, token: str) -> HttpResponse:
    """From „Meine Seite“: mail a link to „Meine Daten“."""
    asking.send_link(email=person_links.read_person_token(token).emails[0])
    sent_form.forget(request)
    return redirect("volunteers:my_data_sent")


@by_link
@never_cache
@only_posts("my_data_by_link")
@limited("own_link", target=given("token"))
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """From an expired link: mail a new one to the same address."""
    asking.send_link(email=my_data_links.mailbox_of(token))
    sent_form.forget(request)
    return redirect("volunteers:my_data_sent")


def of_person(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorator: gives ``view`` the person of the link.

    410 when the link has expired, does not say who of several people is meant, or nothing is kept
    about the person; 404 for an invalid token.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            whose = my_data_links.read(token)
        except signing.LinkExpired:
            return _over(request, token)
        if (person := persons.find(whose, everything=True)) is not None:
            return view(request, replace(person, token=token))
        others = persons.people_at(whose.emails, everything=True)
        return _over(request, token) if others else _nothing(request)

    return opened


def _over(request: HttpRequest, token: str) -> HttpResponse:
    text = _(
        "Weil sich mit ihm alles ansehen und löschen lässt, gilt er nur %(period)s. Wir schicken Ihnen "
        "gern einen neuen, an dieselbe Adresse. Teilen sich mehrere die Adresse, hat die Mail einen "
        "Link für jeden Namen."
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=text % {"period": hours(settings.MY_DATA_LINK_HOURS)},
        button=Link(_("Neuen Link schicken"), signing.path_of("my_data_new_link", token)),
    ).page(request, status=410)


def _nothing(request: HttpRequest) -> HttpResponse:
    other = signing.path_of("my_data")
    return Outcome(
        title=_("Hier ist nichts mehr"),
        text=_(
            "Zu Ihrer Adresse ist im Portal nichts gespeichert. Haben Sie sich mit einer anderen "
            "Adresse angemeldet, fragen Sie bitte mit dieser."
        ),
        links=[
            Link(_("Nach einer anderen Adresse fragen"), other),
            Link(_("Angebote ansehen"), reverse("portal:catalogue"), is_strong=False),
        ],
    ).page(request, status=410)


def overview(request: HttpRequest, person: Person) -> HttpResponse:
    """What is kept, and the three things that the person can do with it."""
    own = CompanionRequest.objects.filter(person.named(), confirmed_at__isnull=False)
    searches = [one for one in own.order_by("pk") if not one.is_closed]
    context = {
        "person": person,
        "activities": [one for one in disclosure.disclose(person) if one.count],
        "searches": [tandem_links.status_token(one) for one in searches],
        "applications": [
            (one, application_links.status_token(one))
            for one in correcting.open_applications(person)
        ],
        "can_correct": _name_of(person) != "",
        "is_corrected": "berichtigt" in request.GET,
        "address": request.GET.get("adresse"),
        "period": hours(settings.MY_DATA_LINK_HOURS),
    }
    return render(request, "volunteers/my_data/my_data.html", context)


@by_link
@never_cache
@require_safe
@of_person
def by_mailed_link(request: HttpRequest, person: Person) -> HttpResponse:
    return overview(request, person)


@by_link
@never_cache
@only_posts("my_data_by_link")
@of_person
def download(request: HttpRequest, person: Person) -> HttpResponse:
    """The ZIP; the security log notes the download, without its content."""
    content = packing.pack(person)
    user = persons.accounts_seen_by(person).first()
    security_log.record(SecurityEvent.Kind.DATA_DOWNLOADED, by=user)
    name = f"meine-daten-{timezone.localdate():%Y-%m-%d}.zip"
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def correct(request: HttpRequest, person: Person) -> HttpResponse:
    """One form for the profile and everything that is still open."""
    volunteer = correcting.volunteer_of(person)
    applications = correcting.open_applications(person)
    asked = _asked_again(volunteer, applications)
    initial = initial_of(volunteer, asked) if volunteer else {"name": _name_of(person)}
    data = request.POST if request.method == "POST" else None
    form = RevisedForm(data, asked=asked, initial=initial)
    if form.is_valid():
        try:
            correcting.correct_person(person=person, answers=form.answers())
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            return _corrected(person, form.answers())
    context = {
        "form": form,
        "person": person,
        "email": person.emails[0],
        "number": len(applications),
    }
    status = 422 if form.errors else 200
    return render(request, "volunteers/my_data/correct.html", context, status=status)


def _corrected(person: Person, answers: Answers) -> HttpResponse:
    """Back to the overview, in the language that the person reads from now on."""
    language = answers.get("preferred_language") or language_of_page()
    if "preferred_language" in answers:
        write_in(person=replace(person, name=answers["name"]), language=language)
    with translation.override(language):
        return redirect(f"{signing.path_of('my_data_by_link', person.token)}?berichtigt=1")


def _asked_again(
    volunteer: Volunteer | None, applications: list[Application]
) -> tuple[Question, ...]:
    """All questions of the profile; only the name when there is no profile."""
    asked = asked_again(VOLUNTEER, in_tandems=any(makes_tandems(one) for one in applications))
    return asked if volunteer else tuple(one for one in asked if one.name == "name")


def _name_of(person: Person) -> str:
    """The name as the person's records have it; empty if there are only requests."""
    for found in (
        correcting.volunteer_of(person),
        Application.objects.of_person(person.emails, person.name).first(),
        Registration.objects.filter(person.owns(), confirmed_at__isnull=False).first(),
        persons.accounts_seen_by(person).exclude(name="").first(),
    ):
        if found is not None:
            return str(found.name)
    return ""


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def erase(request: HttpRequest, person: Person) -> HttpResponse:
    """Shows what is deleted and what stays until when; the button deletes."""
    accounts = _may_delete_account(request, person)
    error = ""
    if request.method == "POST":
        try:
            erasing.erase_person(person=person, accounts=accounts)
        except DomainError as refusal:
            error = str(refusal)
        else:
            _forget_login(request)
            return redirect("volunteers:my_data_erased")
    context = {
        "person": person,
        "error": error,
        "account_stays": not accounts,
        "plan": leaving.plan_of(
            scope_of(person, accounts=accounts), [one.name for one in person.others]
        ),
    }
    return render(request, "volunteers/my_data/erase.html", context, status=422 if error else 200)


def _may_delete_account(request: HttpRequest, person: Person) -> bool:
    """Staff have to be logged in, with the second factor; for them a link is not enough."""
    users = persons.accounts_that_go_with(person)
    return not any(user.is_staff and user != request.user for user in users)


def _forget_login(request: HttpRequest) -> None:
    """Drop the session of the deleted account, without the logout signal, which would log its name."""
    if isinstance(request.user, User) and not User.objects.filter(pk=request.user.pk).exists():
        request.session.flush()
        request.user = AnonymousUser()


@never_cache
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Ihre Daten sind gelöscht"),
        text=_(
            "Danke, dass Sie dabei waren. Sie bekommen noch eine Mail, die das bestätigt. Ist sie "
            "zugestellt, steht auch Ihre Adresse nicht mehr im Portal."
        ),
        more=_(
            "Sie können jederzeit wieder mitmachen. Wir fangen dann von vorn an, als hätten wir uns "
            "nie gesehen."
        ),
        links=[Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)],
    ).page(request)
