"""Answers that take the same time whether or not the portal knows an address."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]
TOLD_WITHOUT_LOOKING = {405, 422, 429}
"""Statuses that say nothing of what is stored, so nobody waits for them."""


def evenly(view: View) -> View:
    """Answer a POST only at whole steps of ``settings.ANSWER_STEP_SECONDS`` after it came in.

    Whom the portal does not know makes more work than whom it knows (a record, its history, its
    consent), and a clock would tell. The step is many times longer than the work, so both are
    answered after one step, and on a busy day after the same number of steps. Waiting holds a
    thread, but no transaction and no lock, and ``settings.RATE_LIMITS`` bounds how often anybody
    makes one wait; what is refused for that reason, or not filled in right, is answered at once.
    """

    @wraps(view)
    def waited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code not in TOLD_WITHOUT_LOOKING:
            _wait_for_step(time.monotonic() - begun)
        return response

    return waited


def _wait_for_step(passed: float) -> None:
    step = settings.ANSWER_STEP_SECONDS
    if step:
        time.sleep(max(1, math.ceil(passed / step)) * step - passed)
