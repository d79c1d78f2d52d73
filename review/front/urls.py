from django.urls import path

from review.front import decisions, views

app_name = "front"
urlpatterns = [
    path("", views.front, name="front"),
    path("decisions/", decisions.decisions, name="decisions"),
]
