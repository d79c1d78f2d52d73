from django.urls import path

from ingest import views

app_name = "ingest"
urlpatterns = [
    path("", views.documents, name="documents"),
    path("bring-in/", views.bring_in, name="bring_in"),
    path("<int:document_id>/", views.document, name="document"),
    path("<int:document_id>/retry/", views.retry, name="retry"),
]
