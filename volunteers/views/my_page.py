"""„Meine Seite“: everything of one person in one place, by login or by signed link."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programs.requests import UserRequest

from .. import sections
from ..forms.reading import ReadsForm
from ..guard.limits import limited
from ..links import people as person_links
from ..links.signing import LinkExpired, path_of
from ..notifications.people import send_my_page_link
from ..privacy.language import write_in
from ..reads import persons
from ..reads.languages import language_of
from ..reads.persons import Person
from ..sections.consents import Given, consents_of
from ..services.consents import withdraw_consent
from .by_link import Elsewhere, by_link, only_posts
from .outcomes import Link, Outcome, choice


@never_cache
@login_required
def my_page(request: UserRequest) -> HttpResponse:
    """With a login: everything of the account's confirmed addresses."""
    emails = persons.confirmed_addresses(request.user)
    people = persons.people_at(emails) or [Person(emails, "")]
    tokens = [person_links.person_token(one.whose) for one in people]
    if len(people) > 1:
        paths = [path_of("my_page_by_link", token) for token in tokens]
        out = Link(_("Abmelden"), reverse("account_logout"))
        return replace(choice(_("Meine Seite"), people, paths), aside=out).page(request)
    return _page(request, replace(people[0], token=tokens[0]), by_login=True)


def _mailbox(request: HttpRequest, token: str) -> str:
    """The address to which a link was mailed, expired or not; 404 for an invalid token."""
    return person_links.mailbox_of(token)


@by_link
@never_cache
@only_posts("my_page_by_link")
@limited("own_link", target=_mailbox)
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a new link in place of an expired one, to the same address.

    The response is the same whether or not the portal still knows the address.
    """
    email = person_links.mailbox_of(token)
    if people := persons.people_at([email]):
        send_my_page_link(email, people)
    return redirect("volunteers:my_page_sent")


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The page after that, with an address of its own, so that a reload sends nothing again."""
    return Outcome(
        title=_("Neuer Link"),
        heading=_("Bitte sehen Sie in Ihr Postfach"),
        text=_(
            "Ist zu Ihrer Adresse noch etwas da, haben wir Ihnen einen neuen Link geschickt. Er kommt "
            "in wenigen Minuten."
        ),
        is_mailed=True,
        aside=Link(_("Keine Mail da? Noch einmal versuchen"), reverse("volunteers:my_page")),
    ).page(request)


@by_link
@never_cache
@require_safe
def my_page_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """With a mailed link; without one, nobody learns which address is known."""
    return _page(request, _by_token(token), by_login=False)


def _by_token(token: str) -> Person:
    """The person of the link. Raises ``LinkExpired`` when it is gone.

    If others read the mailbox, the page of that offers links for them.
    """
    whose = person_links.read_person_token(token)
    if (person := persons.find(whose)) is not None:
        return replace(person, token=token)
    over = LinkExpired()
    if persons.people_at(whose.emails):
        over.renew_url = path_of("my_page_new_link", token)
    raise over


@by_link
@never_cache
@only_posts("my_page_by_link")
def language(request: HttpRequest, token: str) -> HttpResponse:
    """From now on the portal writes in that language; back to the page, in it."""
    person, form = _by_token(token), ReadsForm(request.POST)
    chosen = form.cleaned_data["preferred_language"] if form.is_valid() else language_of(person)
    write_in(person=person, language=chosen)
    with translation.override(chosen):
        if request.user.is_authenticated and not person.others:
            return redirect("volunteers:my_page")
        return redirect("volunteers:my_page_by_link", token)


def _page(request: HttpRequest, person: Person, *, by_login: bool) -> HttpResponse:
    context = {
        "person": person,
        "by_login": by_login,
        "name": person.name,
        "open_points": sections.open_points(person),
        "sections": sections.of_person(person),
        "language_form": ReadsForm(initial={"preferred_language": language_of(person)}),
    }
    return render(request, "volunteers/my_page/my_page.html", context)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str, consent_id: int) -> HttpResponse:
    """A GET asks; the POST withdraws the consent, ends what it was given for, and shows that."""
    person = _by_token(token)
    given = _given(person, consent_id)
    if given.can_withdraw and request.method == "POST":
        withdraw_consent(consent=given.consent)
    if not given.can_withdraw or request.method == "POST":
        if request.user.is_authenticated and not person.others:
            page = reverse("volunteers:my_page")
        else:
            page = reverse("volunteers:my_page_by_link", args=[token])
        return redirect(f"{page}#einwilligungen")
    context = {"given": given, "person": person}
    return render(request, "volunteers/my_page/withdraw_consent.html", context)


def _given(person: Person, consent_id: int) -> Given:
    """One of the person's own consents; for any other number the page that lists them."""
    for given in consents_of(person):
        if given.consent.pk == consent_id:
            return given
    raise Elsewhere(f"{path_of('my_page_by_link', person.token)}#einwilligungen")
