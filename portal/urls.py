"""All addresses of the portal. German paths, English names."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

portal_urls: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((portal_urls, "portal"))),
    path("", include("programs.urls")),
    path("", include("welcome_rooms.urls")),
    path("", include("volunteers.urls")),
    path("konto/", include("allauth.urls")),
    path("verwaltung/", admin.site.urls),
]
