from django.urls import path

from exchange import pages

app_name = "export"
urlpatterns = [
    path("", pages.formats, name="formats"),
    path("file/", pages.file, name="file"),
    path("annex/", pages.annex, name="annex"),
]
