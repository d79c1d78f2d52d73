from django.urls import path

from exchange import job_pages

app_name = "jobs"
urlpatterns = [
    path("", job_pages.jobs, name="list"),
    path("<int:job_id>/result/", job_pages.result, name="result"),
    path("<int:job_id>/cancel/", job_pages.cancel, name="cancel"),
]
