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
ANSWERED_AT_ONCE = {405, 422, 429}
"""Responses with these statuses tell nothing about stored data, so they are not delayed."""


def evenly(view: View) -> View:
    """Send the response to a POST only at whole multiples of ``settings.ANSWER_STEP_SECONDS``.

    An unknown address makes more work than a known one (a record, its history, its consent), so the
    response time would tell which it is. One step is many times longer than the work, so both cases
    are answered after one step, and on a busy day after the same number of steps. The delay holds a
    thread, but no transaction and no lock; ``settings.RATE_LIMITS`` bounds how often anybody can
    cause it. Requests that are over a limit or not valid are answered at once.
    """

    @wraps(view)
    def waited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        begun = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code not in ANSWERED_AT_ONCE:
            _wait_for_step(time.monotonic() - begun)
        return response

    return waited


def _wait_for_step(passed: float) -> None:
    step = settings.ANSWER_STEP_SECONDS
    if step:
        time.sleep(max(1, math.ceil(passed / step)) * step - passed)
