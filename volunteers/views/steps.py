"""The pages of a form that asks in steps, see ``volunteers/forms/steps.py``."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from ..forms.steps import Step, StepsForm
from ..guard import sent
from ..guard.evenly import evenly
from ..guard.forms import page


class Asking(ABC):
    """The pages of one form for one request: the first step, the next one, an earlier one, or the end."""

    form_class: ClassVar[type[StepsForm]]
    template: ClassVar[str]

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.steps = self.form_class.steps
        self.first, self.last = self.steps[0], self.steps[-1]

    def form(self, data: QueryDict | None, **kwargs: Any) -> StepsForm:
        """With ``only`` for one step; with ``typed`` in place of ``data`` for a page that is not checked yet."""
        kwargs.pop("typed", None)
        return self.form_class(data, request=self.request, **kwargs)

    @abstractmethod
    def store(self, form: Any) -> HttpResponse:
        """What happens with a valid form."""

    def initial(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        """What the template shows besides."""
        return {}

    def respond(self) -> HttpResponseBase:
        if self.request.method != "POST":
            return self.begin()
        data, step_of = self.request.POST, self.form_class.step_of
        here = step_of(data.get("step")) or self.last
        if (back := step_of(data.get("go"))) is not None:
            return self.show(data, back, then=self.last if here is self.last else None)
        return _send(self.request, self) if here is self.last else self.go_on(data, here)

    def begin(self) -> HttpResponse:
        """The first step; the one with the address when that is to be corrected."""
        typed = sent.typed(self.request, self.form_class.limit)
        form = self.form(None, typed=typed, initial=self.initial())
        if typed is None:
            return self.page(form, QueryDict(), self.first)
        return self.page(form, typed, self.form_class.step_with("email"), then=self.last)

    def go_on(self, data: QueryDict, here: Step) -> HttpResponse:
        """The step after ``here``, or ``here`` again with its errors."""
        checked = self.form(data, only=here)
        then = self.form_class.step_of(data.get("then"))
        if not checked.is_valid():
            return self.page(checked, data, here, then=then)
        return self.show(data, then or self.steps[here.number])

    def show(self, data: QueryDict, step: Step, *, then: Step | None = None) -> HttpResponse:
        """A step with what was typed, not checked yet. ``then`` is the step after it, if not the next one."""
        if step is self.last:
            for earlier in self.steps[:-1]:
                checked = self.form(data, only=earlier)
                if not checked.is_valid():
                    return self.page(checked, data, earlier, then=self.last)
        form = self.form(None, typed=data)
        form.show_again(data)
        form.go_on_from(data)
        return self.page(form, data, step, then=then)

    def page(
        self, form: StepsForm, data: QueryDict, step: Step, *, then: Step | None = None
    ) -> HttpResponse:
        context = {
            "form": form,
            "fields": form.in_step(step),
            "step": step,
            "steps": self.steps,
            "back": self.steps[step.number - 2] if step is not self.first else None,
            "then": then if then is not step else None,
            "carried": form.carried(data, step),
            "told": self._told(data) if step is self.last else [],
        }
        return page(self.request, self.template, context | self.context())

    def _told(self, data: QueryDict) -> list[tuple[Step, list[tuple[str, str]]]]:
        """The answers of the other steps, in words."""
        return [(one, self.form(data, only=one).in_words(one)) for one in self.steps[:-1]]


@evenly
def _send(request: HttpRequest, asking: Asking) -> HttpResponse:
    form = asking.form(request.POST)
    if form.is_valid():
        return asking.store(form)
    wrong = form.first_wrong_step()
    checked = form if wrong is asking.last else asking.form(request.POST, only=wrong)
    return asking.page(checked, request.POST, wrong, then=asking.last)
