"""„Ich suche eine Begleitung“, in steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from programs.models import Programme

from ..forms.companions import RequestForm
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..services import requests as services
from .steps import Asking


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(RequestForm.limit)
def ask(request: HttpRequest) -> HttpResponseBase:
    return AskingForCompanion(request).respond()


class AskingForCompanion(Asking):
    form_class = RequestForm
    template = "volunteers/companions/ask.html"

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.programmes: list[Programme] = services.programmes_for_tandems()

    def form(
        self, data: QueryDict | None, *, typed: QueryDict | None = None, **kwargs: Any
    ) -> RequestForm:
        asked_for = (typed or QueryDict()).get("asked_for", "")
        return RequestForm(
            data, programmes=self.programmes, asked_for=asked_for, request=self.request, **kwargs
        )

    def initial(self) -> dict[str, Any]:
        return {"programme": self.request.GET.get("programm"), "wish": "", "companions": 1}

    def context(self) -> dict[str, Any]:
        return {"programmes": self.programmes}

    def store(self, form: RequestForm) -> HttpResponse:
        programme = form.chosen()
        form.keep(about=programme)
        if form.is_from_a_person():
            services.submit_request(programme=programme, answers=form.answers(), asker=form.asker())
        return redirect("volunteers:companion_done")
