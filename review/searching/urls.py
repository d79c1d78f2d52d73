from django.urls import path

from review.searching import views

app_name = "search"
urlpatterns = [
    path("", views.search, name="search"),
    path("save/", views.save, name="save"),
    path("saved/<int:saved_id>/", views.open_saved, name="open"),
    path("saved/<int:saved_id>/rename/", views.rename, name="rename"),
    path("saved/<int:saved_id>/delete/", views.delete, name="delete"),
]
