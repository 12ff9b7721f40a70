"""``/l/…``: a short link from a mail leads on to the signed one."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..guard.limits import limited_guesses
from ..links import short as short_links
from ..links.signing import WrongLink
from .by_link import wrong_link


@limited_guesses("wrong_link", shut_out=False)
@never_cache
@require_safe
def short(request: HttpRequest, key: str) -> HttpResponseBase:
    try:
        return HttpResponseRedirect(short_links.address_of(key))
    except WrongLink:
        return wrong_link(request)
