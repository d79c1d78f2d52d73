from django.urls import path

from review.sources import grading, identity, views

app_name = "sources"
urlpatterns = [
    path("", views.sources, name="list"),
    path("<int:source_id>/", views.source, name="source"),
    path("<int:source_id>/describe/", views.describe, name="describe"),
    path("<int:source_id>/impact/", views.impact, name="impact"),
    path("<int:source_id>/grade/", grading.choose, name="grade"),
    path("<int:source_id>/grade/reasons/", grading.reveal, name="grade_reasons"),
    path("<int:source_id>/grade/record/", grading.record, name="grade_record"),
    path("<int:source_id>/alike/", identity.alike, name="alike"),
    path("<int:source_id>/merge/", identity.merge, name="merge"),
    path("<int:source_id>/merge/now/", identity.merge_now, name="merge_now"),
    path("<int:source_id>/split/", identity.split, name="split"),
    path("splits/<int:split_id>/undo/", identity.undo_split, name="undo_split"),
    path("merges/<int:merge_id>/undo/", identity.undo_merge, name="undo_merge"),
]
