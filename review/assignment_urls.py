from django.urls import path

from review import assignments

app_name = "assignments"
urlpatterns = [
    path("", assignments.assignments, name="list"),
    path("change/", assignments.change, name="change"),
]
