"""„Einrichten“: the pages that lead somebody new through the entry of their organisation, on the phone."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from programs.addresses import admin_path
from programs.models import Opportunity, OpportunityTemplate, Organisation
from programs.requests import UserRequest

from . import set_up
from .set_up import OFFER, READY, SLUGS, STEPS, OfferForm

if TYPE_CHECKING:
    from programs.admin.organisations import OrganisationAdmin

    Base = OrganisationAdmin
else:
    Base = object


class SetUpViews(Base):
    """For the admin of organisations."""

    def set_up_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "programs_organisation_{}".format
        start = "<int:pk>/einrichten/"
        return [
            path(start, view(self.set_up_view), name=name("set_up")),
            path(
                f"{start}{OFFER}/<slug:template>/", view(self.offer_view), name=name("set_up_offer")
            ),
            path(f"{start}<slug:step>/", view(self.step_view), name=name("set_up_step")),
        ]

    def set_up_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """Go on where the person left."""
        organisation = self._own(request, pk)
        return self._to(organisation, set_up.slug_of(set_up.where(request.user, organisation)))

    def step_view(self, request: UserRequest, pk: int, step: str) -> HttpResponse:
        organisation = self._own(request, pk)
        if step == OFFER:
            return self._choose(request, organisation)
        if step == READY:
            return self._ready(request, organisation)
        asked = next((one for one in STEPS if one.slug == step), None)
        if asked is None:
            raise Http404
        form = asked.form(request.POST if request.method == "POST" else None, instance=organisation)
        if request.method == "POST" and form.is_valid():
            if form.has_changed():
                changed = form.save(commit=False)
                changed.save(update_fields=form.columns())
                form.save_m2m()
                self.log_change(request, changed, _("Einrichten: %(step)s") % {"step": asked.title})
            return self._to(organisation, set_up.go_on(request.user, organisation, step))
        return self._page(request, organisation, step, asked.title, form=form, text=asked.text)

    def _choose(self, request: UserRequest, organisation: Organisation) -> HttpResponse:
        """Which template, or none yet."""
        if request.method == "POST":
            return self._to(organisation, set_up.go_on(request.user, organisation, OFFER))
        return self._page(
            request,
            organisation,
            OFFER,
            _("Ihr erstes Angebot"),
            templates=OpportunityTemplate.objects.all(),
            may_add=self._may_add(request, organisation),
        )

    def offer_view(self, request: UserRequest, pk: int, template: str) -> HttpResponse:
        organisation = self._own(request, pk)
        if not self._may_add(request, organisation):
            raise PermissionDenied
        chosen = get_object_or_404(OpportunityTemplate, slug=template)
        words = set_up.words_of(chosen, organisation)
        form = OfferForm(request.POST if request.method == "POST" else None, initial=words)
        if (
            request.method == "POST"
            and form.is_valid()
            and self._made(request, organisation, form, chosen)
        ):
            return self._to(organisation, set_up.go_on(request.user, organisation, OFFER))
        return self._page(request, organisation, OFFER, str(chosen), form=form, chosen=chosen)

    def _made(
        self,
        request: UserRequest,
        organisation: Organisation,
        form: OfferForm,
        template: OpportunityTemplate,
    ) -> bool:
        publish = "publish" in request.POST
        try:
            made, is_new = set_up.make_opportunity(
                organisation=organisation, form=form, template=template, publish=publish
            )
        except IntegrityError:  # somebody else took the same address at this moment
            form.add_error(None, _("Bitte schicken Sie es noch einmal ab."))
            return False
        if is_new:
            added: Any = made
            self.log_addition(request, added, _("Einrichten: aus einer Vorlage"))
        if made.is_published:
            text = _("„%(title)s“ steht jetzt im Portal.")
        else:
            text = _("„%(title)s“ ist gespeichert und noch nicht zu sehen.")
        messages.success(request, text % {"title": made.title})
        return True

    def _ready(self, request: UserRequest, organisation: Organisation) -> HttpResponse:
        if request.method == "POST":
            if not self.has_confirm_permission(request, organisation):
                raise PermissionDenied
            set_up.finish(request.user, organisation)
            self.log_change(request, organisation, _("Einrichten: alles bestätigt"))
            messages.success(request, _("Danke. Ihre Organisation ist eingerichtet."))
            return HttpResponseRedirect(admin_path(organisation))
        offers = Opportunity.objects.filter(organisation=organisation).order_by("-created_at")
        title = _("Stimmt alles?")
        return self._page(request, organisation, READY, title, offers=offers[:5])

    def _page(
        self, request: HttpRequest, organisation: Organisation, step: str, title: Any, **more: Any
    ) -> HttpResponse:
        number = set_up.number_of(step)
        return self.page(
            request,
            "admin/directory/set_up.html",
            str(title),
            subtitle=organisation,
            organisation=organisation,
            step=step,
            number=number,
            total=len(SLUGS),
            before=SLUGS[number - 2] if number > 1 else "",
            after=SLUGS[number] if number < len(SLUGS) else "",
            **more,
        )

    def _own(self, request: HttpRequest, pk: int) -> Organisation:
        """404 for an organisation that the user does not see, 403 for one that they may not change."""
        organisation = self.get_object(request, str(pk))
        if not self.has_change_permission(request, organisation):
            raise PermissionDenied
        return organisation

    def _may_add(self, request: UserRequest, organisation: Organisation) -> bool:
        adding = request.user.limited_to("programs.add_opportunity")
        may = request.user.has_perm("programs.add_opportunity")
        return may and Organisation.objects.visible_to(adding).filter(pk=organisation.pk).exists()

    def _to(self, organisation: Organisation, step: str) -> HttpResponse:
        return HttpResponseRedirect(admin_path(organisation, "set_up_step", step))
