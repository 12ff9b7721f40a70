"""The WSGI application that gunicorn serves: ``portal.wsgi:application``."""

import gc
import os

import django

from portal.environment import load_settings

# What is loaded from here on stays, so looking for garbage meanwhile would only take time: a quarter
# of the start.
gc.disable()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")

# Without its configuration gunicorn loads this in its workers: one sentence, and status 3 tells it
# not to try again.
load_settings(status=3)
django.setup(set_prefix=False)

from portal.operations.loading import load_everything  # noqa: E402 - needs the applications
from portal.operations.requests import Handler  # noqa: E402

application = Handler()

load_everything()

# Objects that are loaded by now need not be scanned again, and forked processes can share their
# memory. A page creates tens of thousands of short-lived objects. Python's default (a collection
# after every 700) costs more than a tenth of its time. What a page was made of points at itself, so
# it stays until the older generations are looked at, too: seldom means tens of megabytes.
gc.freeze()
gc.set_threshold(20_000, 5, 5)
gc.enable()
