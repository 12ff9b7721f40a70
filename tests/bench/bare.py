"""The reference: a bare Django project with the middleware that ``startproject`` writes.

``/one/`` makes one SQL query, ``/list/`` renders a list of 50 items from one query, ``/insert/`` stores one
row. It uses the same database as the portal, through the same kind of connection pool. ``nothing`` is an
application without Django: what the web server itself takes.
"""

import os
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BENCH_DB_NAME"],
            "USER": os.environ["BENCH_DB_USER"],
            "HOST": os.environ["BENCH_DB_HOST"],
            "PORT": os.environ["BENCH_DB_PORT"],
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
        }
    },
    USE_TZ=True,
)
django.setup()


class Item(models.Model):
    title = models.CharField(max_length=160)
    slug = models.SlugField()
    summary = models.CharField(max_length=300)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "programs_entry"

    def __str__(self) -> str:
        return self.title


PAGE = """<!doctype html><html lang="de"><head><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><ul>{% for item in items %}<li><a href="/{{ item.slug }}/">{{ item.title }}</a>
<p>{{ item.summary }}</p></li>{% endfor %}</ul></body></html>"""


def one(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM programs_entry WHERE id = 1")
        return HttpResponse(str(cursor.fetchone()))


def item_list(request: HttpRequest) -> HttpResponse:
    context = {"title": "Liste", "items": Item.objects.order_by("title")[:50]}
    return HttpResponse(engines["django"].get_template("list.html").render(context, request))


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (name) VALUES (%s)", [request.POST["name"]])
    return HttpResponse("Danke")


def nothing(environment: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "9")])
    return [b"Guten Tag"]


settings.TEMPLATES[0]["OPTIONS"]["loaders"] = [
    (
        "django.template.loaders.cached.Loader",
        [("django.template.loaders.locmem.Loader", {"list.html": PAGE})],
    )
]
urlpatterns = [path("one/", one), path("list/", item_list), path("insert/", insert)]
application = get_wsgi_application()
