"""All URLs of the portal. Paths are German, names are English."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import sitemap
from portal.calendar import views as calendar
from portal.calendar.filter import EventFilter
from portal.catalogue import CatalogueFilter
from portal.cooperation import views as cooperation
from portal.counselling import page_views as counselling_pages
from portal.counselling import views as counselling
from portal.directory import invited_views, link_views
from portal.figures import survey_views
from portal.newsletter import issue_views
from portal.newsletter import views as newsletter
from portal.open_data import pages as open_data_pages
from portal.open_data.urls import urlpatterns as open_data_urls
from portal.operations import health, metrics, offline
from portal.public import public
from portal.saved_searches import views as saved_search
from portal.sharing import views as sharing
from portal.views import (
    catalogue,
    dates,
    demo_mailbox,
    entries,
    events,
    feeds,
    fields,
    home,
    pages,
    pictures,
    places,
    reach,
    stories,
)
from volunteers.guard.limits import limited

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"

portal_urls: list[URLPattern | URLResolver] = [
    path("", public(home.home), name="home"),
    path("mitmachen/", public(catalogue.catalogue, reads=catalogue.READS), name="catalogue"),
    path("open-data/", public(open_data_pages.page), name="open_data"),
    path(
        "mitmachen.atom",
        public(feeds.offers, reads=CatalogueFilter.parameter_names()),
        name="catalogue_feed",
    ),
    path(
        "mitmachen.ics",
        public(feeds.events_of_offers, reads=CatalogueFilter.parameter_names()),
        name="catalogue_calendar",
    ),
    path("stadtbezirke/", public(places.district_map), name="map"),
    path("stadtbezirke/<slug:slug>/", public(places.district), name="district"),
    path("felder/", public(fields.field_list), name="fields"),
    path("felder/<slug:slug>/", public(fields.field), name="field"),
    path("zahlen/", public(pages.figures), name="figures"),
    path("woerter/", public(pages.words), name="words"),
    path("seiten/<slug:slug>/", public(pages.page), name="page"),
    path("e/<int:number>/", public(sharing.short_entry), name="short_entry"),
    path("t/<int:number>/", public(sharing.short_event), name="short_event"),
    path("bild/eintrag/<slug:slug>/<slug:digest>.png", sharing.entry_picture, name="entry_picture"),
    path("bild/termin/<slug:slug>/<slug:digest>.png", sharing.event_picture, name="event_picture"),
    path("plakat/eintrag/<slug:slug>.pdf", sharing.entry_poster, name="entry_poster"),
    path("plakat/termin/<slug:slug>.pdf", sharing.event_poster, name="event_poster"),
    path("adressbuch/<slug:slug>.vcf", public(reach.card), name="vcard"),
    path("wer-kann-einspringen/", public(dates.board), name="date_board"),
    path("newsletter/ausgaben/", public(issue_views.issue_list), name="newsletter_issues"),
    path("newsletter/ausgaben/<int:number>/", public(issue_views.issue), name="newsletter_issue"),
    path("newsletter/ausgaben.atom", public(issue_views.feed), name="newsletter_feed"),
    path("beratung/", public(counselling.overview), name="counselling"),
    path("beratung/danke/", counselling.done, name="counselling_done"),
    path(
        "beratung/bestaetigen/<str:token>/", counselling_pages.confirm, name="counselling_confirm"
    ),
    path("beratung/anfrage/<str:token>/", counselling_pages.asked, name="counselling_page"),
    path(
        "beratung/anfrage/<str:token>/nachricht/",
        counselling_pages.message,
        name="counselling_message",
    ),
    path(
        "beratung/anfrage/<str:token>/beenden/",
        counselling_pages.withdraw,
        name="counselling_withdraw",
    ),
    path("beratung/<slug:slug>/", counselling.ask, name="counselling_ask"),
    path("kooperation/", cooperation.give, name="cooperation"),
    path("kooperation/danke/", cooperation.done, name="cooperation_done"),
    path("eintrag-pflegen/<slug:slug>/", link_views.entry_link, name="entry_link"),
    path("stichtag/<str:token>/", survey_views.survey_answer, name="survey_answer"),
    path("eingeladen/<str:token>/", invited_views.invited, name="entry_invited"),
    path("unsere-eintraege/<str:token>/", link_views.our_entries, name="our_entries"),
    path("unsere-eintraege/<str:token>/stimmt/", link_views.confirm, name="entries_confirm"),
    path("unsere-eintraege/<str:token>/aendern/", link_views.choose, name="entries_change"),
    path("unsere-eintraege/<str:token>/aendern/<int:pk>/", link_views.change, name="entry_change"),
    path(
        "unsere-eintraege/<str:token>/aendern/<int:pk>/danke/",
        link_views.change_done,
        name="entry_change_done",
    ),
    path(
        "unsere-eintraege/<slug:purpose>/<str:token>/neu/",
        link_views.new_link,
        name="entries_new_link",
    ),
    path("newsletter/", newsletter.subscribe, name="newsletter"),
    path("newsletter/danke/", newsletter.done, name="newsletter_done"),
    path("newsletter/bestaetigen/<str:token>/", newsletter.confirm, name="newsletter_confirm"),
    path("newsletter/mein/<str:token>/", newsletter.own, name="newsletter_page"),
    path("newsletter/mein/<str:token>/wieder/", newsletter.resume, name="newsletter_resume"),
    path("newsletter/abbestellen/<str:token>/", newsletter.leave, name="newsletter_leave"),
    path("mitmachen/per-mail/", saved_search.ask, name="saved_search"),
    path("mitmachen/per-mail/danke/", saved_search.done, name="saved_search_done"),
    path(
        "mitmachen/per-mail/bestaetigen/<str:token>/",
        saved_search.confirm,
        name="saved_search_confirm",
    ),
    path("mitmachen/per-mail/meine/<str:token>/", saved_search.own, name="saved_search_page"),
    path(
        "mitmachen/per-mail/meine/<str:token>/wieder/",
        saved_search.resume,
        name="saved_search_resume",
    ),
    path(
        "mitmachen/per-mail/abbestellen/<str:token>/",
        saved_search.leave,
        name="saved_search_leave",
    ),
    path("sitemap.xml", public(sitemap.sitemap), name="sitemap"),
    path("sitemap-<slug:language>.xml", public(sitemap.sitemap_of), name="sitemap_of"),
    path("manifest.webmanifest", public(sitemap.manifest), name="manifest"),
    path("offline.js", public(offline.worker), name="offline"),
    path("robots.txt", public(sitemap.robots), name="robots"),
    path(".well-known/security.txt", public(sitemap.security), name="security"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
]
if settings.DEMO:
    portal_urls += demo_mailbox.urlpatterns
# The pages of entries say how to sign up, so their views are in the layer above ``volunteers``. The
# URL names keep the namespace of the app that owns the records.
programs_urls: list[URLPattern] = [
    path("einsatz/<slug:slug>/", public(entries.opportunity), name="opportunity"),
    path("programm/<slug:slug>/", public(entries.programme), name="programme"),
    path("freundeskreis/<slug:slug>/", public(entries.circle), name="circle"),
    path("initiative/<slug:slug>/", public(entries.initiative), name="initiative"),
    path("organisation/<slug:slug>/", public(entries.organisation), name="organisation"),
    path(
        "termine/", public(calendar.event_list, reads=EventFilter.base_filters), name="event_list"
    ),
    path("kalender/", public(calendar.this_month, reads=EventFilter.base_filters), name="calendar"),
    path(
        "kalender/<int:year>/<int:month>/",
        public(calendar.month, reads=EventFilter.base_filters),
        name="month",
    ),
    path(
        "kalender.ics", public(calendar.feed, reads=EventFilter.base_filters), name="calendar_feed"
    ),
    path("termine.atom", public(feeds.events, reads=EventFilter.base_filters), name="event_feed"),
    path(
        "halbjahresprogramm/<int:year>-<int:half>.pdf",
        limited("poster", methods=("GET",))(
            public(calendar.half_year, reads=EventFilter.base_filters, at_once=False)
        ),
        name="half_year",
    ),
    path("termine/<slug:slug>.ics", public(events.event_ics), name="event_ics"),
    path("termine/<slug:slug>/", public(events.event), name="event"),
    path("geschichten/", public(stories.story_list), name="story_list"),
    path("geschichten/<slug:slug>/", public(stories.story), name="story"),
    path("bilder/<uuid:key>/<int:width>.<slug:form>", pictures.picture, name="picture"),
]
room_urls: list[URLPattern] = [
    path("willkommensraum/<slug:slug>/", public(entries.room), name="room"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((open_data_urls, "open_data"))),
    *i18n_patterns(
        path("", include((portal_urls, "portal"))),
        path("", include((programs_urls, "programs"))),
        path("", include((room_urls, "welcome_rooms"))),
        path("", include("volunteers.urls")),
        path("konto/", include("volunteers.accounts.urls")),
        prefix_default_language=False,
    ),
    path("verwaltung/", admin.site.urls),
]
