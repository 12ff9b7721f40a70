"""What gunicorn serves: ``portal.wsgi:application``."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")

application = get_wsgi_application()

# What is loaded by now stays for good: the collector need not go through it again, and processes
# that are forked from here share its memory. A page makes tens of thousands of short-lived objects;
# looking for cycles after every 700, as Python does, costs more than a tenth of its time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
