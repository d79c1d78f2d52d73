from django.urls import path

from review import adding, bulk, deciding, key_choice, splitting, steps, views, weighing

app_name = "review"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("next/", views.next_claim, name="next"),
    path("undo/", deciding.undo_last, name="undo_last"),
    path("claims/<int:claim_id>/", views.claim, name="claim"),
    path("claims/<int:claim_id>/ahead/", deciding.ahead, name="ahead"),
    path("claims/<int:claim_id>/accept/", deciding.accept, name="accept"),
    path("claims/<int:claim_id>/reject/", deciding.reject, name="reject"),
    path("claims/<int:claim_id>/take-over/", views.take_over, name="take_over"),
    path("claims/<int:claim_id>/hold/", views.hold, name="hold"),
    path("claims/<int:claim_id>/release/", views.release, name="release"),
    path("claims/<int:claim_id>/edit/", views.edit, name="edit"),
    path("claims/<int:claim_id>/undo/", deciding.undo, name="undo"),
    path("claims/<int:claim_id>/assess/", views.assess, name="assess"),
    path("claims/<int:claim_id>/sources/", views.source_options, name="source_options"),
    path("claims/<int:claim_id>/split/", splitting.split, name="split"),
    path("claims/<int:claim_id>/merge/", splitting.merge, name="merge"),
    path("claims/<int:claim_id>/merge/options/", splitting.merge_options, name="merge_options"),
    path("claims/<int:claim_id>/weight/", weighing.weight, name="weight"),
    path("weighed/", weighing.weighed, name="weighed"),
    path("bulk/", bulk.decide, name="bulk"),
    path("bulk/<uuid:batch>/undo/", bulk.undo, name="undo_batch"),
    path("steps/", steps.steps, name="steps"),
    path("keys/", key_choice.keys, name="keys"),
    path("documents/<int:document_id>/add/", adding.add, name="add"),
    path("documents/<int:document_id>/add/sources/", adding.source_options, name="add_source_options"),
]
