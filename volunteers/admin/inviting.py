"""„Einladen“: choose people by criteria, see who it is, invite them to an event."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.counting import Counted
from programs.models import Event, Organisation
from programs.requests import UserRequest

from ..errors import DomainError
from ..figures.small_groups import shown
from ..forms.inviting import CriteriaForm
from ..models import Registration, User
from ..models.registrations import RegistrationStatus
from ..reads.invitees import counted_invitees, others_applications, own_applications, replies
from ..services.inviting import (
    MOST_AT_ONCE,
    MOST_OTHERS,
    invite_others,
    invite_own,
    sorted_out,
    to_mail,
)
from ..services.registrations import list_keeper
from .attendance import keeps_list

ADD = "volunteers.add_registration"
STARTS_LIKE = {"stages": ["engaged"]}


def may_invite(user: User, event: Event) -> bool:
    """Who may add people to the list of the event may invite them to it."""
    if user.is_superuser:
        return True
    try:
        keeper = list_keeper(event)
    except Organisation.DoesNotExist:  # nobody answers yet: there is no clearing office
        return False
    return Organisation.objects.of(user.limited_to(ADD)).filter(pk=keeper.pk).exists()


class InvitingViews(ScopedAdminMixin[Event]):
    """Mixin for the admin of events."""

    def inviting_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.invite_view)
        return [path("<path:object_id>/einladen/", view, name="programs_event_invite")]

    def invite_view(self, request: UserRequest, object_id: str) -> HttpResponse:
        event = self.get_object(request, object_id)
        if not may_invite(request.user, event):
            raise PermissionDenied if keeps_list(request.user, event) else Http404
        form = CriteriaForm(request.GET if "stages" in request.GET else STARTS_LIKE)
        if request.method == "POST" and form.is_valid():
            self._invite(request, event, form)
            return HttpResponseRedirect(request.get_full_path())
        return self._invite_page(request, event, form)

    def _invite(self, request: UserRequest, event: Event, form: CriteriaForm) -> None:
        criteria, by = form.criteria(), request.user
        try:
            if "others" in request.POST:
                count = invite_others(event=event, criteria=criteria, by=by)
            else:
                chosen = _chosen(request)
                count = invite_own(event=event, criteria=criteria, chosen=chosen, by=by)
        except DomainError as error:
            messages.error(request, str(error))
            return
        if not count:
            messages.warning(request, _("Niemand ist neu eingeladen."))
            return
        text = ngettext(
            "%(n)d Person ist eingeladen. Die Mail geht gleich hinaus.",
            "%(n)d Personen sind eingeladen. Die Mails gehen gleich hinaus.",
            count,
        )
        messages.success(request, text % {"n": count})
        text = ngettext("%(n)d Person eingeladen", "%(n)d Personen eingeladen", count)
        self.log_change(request, event, text % {"n": count})

    def _invite_page(self, request: UserRequest, event: Event, form: CriteriaForm) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "event": event,
            "original": event,
            "back": admin_path(event),
            "replies": replies(event),
            "list_url": admin_path(Registration, event__id__exact=event.pk),
            "unanswered_url": admin_path(
                Registration,
                event__id__exact=event.pk,
                status__exact=RegistrationStatus.INVITED.value,
            ),
            "most": MOST_AT_ONCE,
            "most_others": Counted(MOST_OTHERS),
        }
        if form.is_valid() and event.takes_answers:
            criteria, keeper = form.criteria(), list_keeper(event)
            mine = own_applications(event, keeper, request.user)
            own = counted_invitees(event, mine, criteria, MOST_OTHERS)
            context["found"] = sorted_out(own.first, MOST_AT_ONCE)
            context["total"] = own.number
            others = others_applications(keeper, request.user)
            below = counted_invitees(event, others, criteria, MOST_OTHERS)
            context["has_others"] = bool(below.number) or others.exists()
            number = to_mail(below)
            context["others"] = number if number.words else shown(number)
        template = "admin/volunteers/inviting/invite.html"
        return self.page(request, template, _("Einladen"), subtitle=event, **context)


def _chosen(request: HttpRequest) -> set[int]:
    return {int(v) for v in request.POST.getlist("person") if v.isdecimal() and len(v) < 19}
