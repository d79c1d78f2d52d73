from django.urls import path

from exchange import import_pages, printed_pages

app_name = "import"
urlpatterns = [
    path("", import_pages.start, name="start"),
    path("upload/", import_pages.upload, name="upload"),
    path("<int:file_id>/", import_pages.file, name="file"),
    path("<int:file_id>/run/", import_pages.run, name="run"),
    path("jobs/<int:job_id>/", import_pages.job, name="job"),
    path("gradings/", printed_pages.gradings, name="gradings"),
    path("gradings/look/", printed_pages.look, name="look"),
    path("gradings/<int:grading_id>/", printed_pages.decide, name="decide"),
]
