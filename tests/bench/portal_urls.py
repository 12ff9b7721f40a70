"""The portal's addresses and one with a fixed answer, which goes through all of the portal's middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls


def fixed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Guten Tag")


handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [path("bench/fixed/", fixed), *urls.urlpatterns]
