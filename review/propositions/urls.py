from django.urls import path

from review.propositions import flags, impact, independence, meeting, moving, verdict, views

app_name = "propositions"
urlpatterns = [
    path("", views.propositions, name="list"),
    path("<int:proposition_id>/", views.proposition, name="proposition"),
    path("<int:proposition_id>/reword/", views.reword, name="reword"),
    path("<int:proposition_id>/settle/", verdict.settle, name="settle"),
    path("<int:proposition_id>/withdraw/", verdict.withdraw, name="withdraw"),
    path("<int:proposition_id>/split/", moving.split, name="split"),
    path("<int:proposition_id>/merge/", moving.merge, name="merge"),
    path("<int:proposition_id>/merge/now/", moving.merge_now, name="merge_now"),
    path("<int:proposition_id>/relate/", moving.relate, name="relate"),
    path("steps/<int:move_id>/undo/", moving.undo, name="undo"),
    path("claims/<int:claim_id>/independent/", independence.confirm, name="confirm_independence"),
    path("independence/<int:confirmation_id>/withdraw/", independence.withdraw, name="withdraw_independence"),
    path("<int:proposition_id>/alike/", meeting.alike, name="alike"),
    path("claims/<int:claim_id>/meetings/", meeting.meetings, name="meetings"),
    path("claims/<int:claim_id>/join/", meeting.join, name="join"),
    path("claims/<int:claim_id>/apart/", meeting.leave, name="leave"),
    path("joins/<int:move_id>/undo/", meeting.put_back, name="put_back"),
    path("claims/<int:claim_id>/impact/", impact.of_claim, name="impact_of_claim"),
    path("documents/<int:document_id>/impact/", impact.of_document, name="impact_of_document"),
    path("discredit/<str:kind>/<int:subject_id>/", impact.discredit, name="discredit"),
    path("discreditings/<int:discrediting_id>/withdraw/", impact.believe_again, name="believe_again"),
    path("grades/", flags.flags, name="flags"),
    path("grades/<int:flag_id>/clear/", flags.clear, name="clear_flag"),
]
