from django.urls import path

from review.api_keys import views

app_name = "api_keys"
urlpatterns = [
    path("", views.keys, name="list"),
    path("revoke/", views.revoke, name="revoke"),
]
