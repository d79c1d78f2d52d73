import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded now stays as long as the process lives. Every full collection of garbage would look through it again:
# 130 ms (measured), in which the process answers nobody.
_ = get_resolver().url_patterns  # loads all pages
gc.collect()
gc.freeze()
