"""„Ich suche eine Begleitung“: four steps, see ``volunteers/forms/companion_steps.py``."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from programs.models import Programme

from ..forms.companion_steps import FIRST, LAST, STEPS, WITH_ADDRESS, Step, carried, step_of
from ..forms.companions import RequestForm
from ..guard import sent
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..services import requests as services


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(RequestForm.limit)
def ask(request: HttpRequest) -> HttpResponseBase:
    """The first step, the next one, an earlier one, or the end."""
    asking = Asking(request)
    if request.method != "POST":
        return asking.begin()
    data = request.POST
    here = step_of(data.get("step")) or LAST
    if (back := step_of(data.get("go"))) is not None:
        return asking.show(data, back, then=LAST if here is LAST else None)
    if here is LAST:
        return _send(request, asking)
    return asking.go_on(data, here)


@evenly
def _send(request: HttpRequest, asking: "Asking") -> HttpResponse:
    form = asking.form(request.POST)
    if not form.is_valid():
        wrong = form.first_wrong_step()
        checked = form if wrong is LAST else asking.form(request.POST, only=wrong)
        return asking.page(checked, request.POST, wrong, then=LAST)
    programme = form.chosen()
    form.keep(about=programme)
    if form.is_from_a_person():
        services.submit_request(programme=programme, answers=form.answers(), asker=form.asker())
    return redirect("volunteers:companion_done")


class Asking:
    """The pages of the form for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.programmes: list[Programme] = services.programmes_for_tandems()

    def form(
        self,
        data: QueryDict | None,
        *,
        only: Step | None = None,
        asked_for: str = "",
        initial: dict[str, Any] | None = None,
    ) -> RequestForm:
        return RequestForm(
            data,
            programmes=self.programmes,
            only=only,
            asked_for=asked_for,
            initial=initial,
            request=self.request,
        )

    def begin(self) -> HttpResponse:
        """The first step; the one with the address when that is to be corrected."""
        chosen = {"programme": self.request.GET.get("programm"), "wish": "", "companions": 1}
        form = self.form(None, initial=chosen)
        typed = sent.typed(self.request, form.limit)
        if typed is None:
            return self.page(form, QueryDict(), FIRST)
        return self.page(form, typed, WITH_ADDRESS, then=LAST)

    def go_on(self, data: QueryDict, here: Step) -> HttpResponse:
        """The step after ``here``, or ``here`` again with its errors."""
        checked = self.form(data, only=here)
        then = step_of(data.get("then"))
        if not checked.is_valid():
            return self.page(checked, data, here, then=then)
        return self.show(data, then or STEPS[here.number])

    def show(self, data: QueryDict, step: Step, *, then: Step | None = None) -> HttpResponse:
        """A step with what was typed, not checked yet. ``then`` is the step after it, if not the next one."""
        if step is LAST:
            for earlier in STEPS[:-1]:
                checked = self.form(data, only=earlier)
                if not checked.is_valid():
                    return self.page(checked, data, earlier, then=LAST)
        form = self.form(None, asked_for=data.get("asked_for", ""))
        form.show_again(data)
        form.go_on_from(data)
        return self.page(form, data, step, then=then)

    def page(
        self, form: RequestForm, data: QueryDict, step: Step, *, then: Step | None = None
    ) -> HttpResponse:
        context = {
            "form": form,
            "fields": form.in_step(step),
            "step": step,
            "steps": STEPS,
            "back": STEPS[step.number - 2] if step is not FIRST else None,
            "then": then if then is not step else None,
            "carried": carried(data, step),
            "told": self._told(data) if step is LAST else [],
            "programmes": self.programmes,
        }
        return page(self.request, "volunteers/companions/ask.html", context)

    def _told(self, data: QueryDict) -> list[tuple[Step, list[tuple[str, str]]]]:
        """The answers of the other steps, in words."""
        return [(one, self.form(data, only=one).in_words(one)) for one in STEPS[:-1]]
