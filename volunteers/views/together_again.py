"""„Möchten Sie sich eines Tages wiedersehen?“, asked of each side of a tandem that has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..links import tandems as tandem_links
from ..reads.answering import looked_after
from ..reads.tandems import contact_for
from ..reads.together_again import may_wish, wish_of
from ..services import together_again as services
from .by_link import by_link
from .tandems import METHODS, by_token, too_late

ANSWERS = {"ja": True, "nein": False}


@by_link
@never_cache
@require_http_methods(METHODS)
def together_again(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing; a yes can be taken back, a no leaves no trace."""
    tandem, side = by_token(token)
    if not may_wish(tandem):
        return too_late(request, tandem, side)
    back = tandem_links.page_of(tandem, side)
    if request.method == "POST" and request.POST.get("answer") in ANSWERS:
        try:
            services.wish(tandem=tandem, side=side, again=ANSWERS[request.POST["answer"]])
        except services.WishTooLate:
            return too_late(request, tandem, side)
        return redirect(back)
    context = {
        "name": contact_for(tandem, side).name,
        "wishes": wish_of(tandem, side),
        "who": looked_after(tandem),
        "back": back,
        "concern_url": tandem_links.concern_path(tandem, side),
    }
    return render(request, "volunteers/tandems/together_again.html", context)
