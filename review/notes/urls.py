from django.urls import path

from review.notes import listing, thread

app_name = "notes"
urlpatterns = [
    path("", listing.notes, name="list"),
    path("claims/<int:claim_id>/", thread.notes_of_claim, name="of_claim"),
    path("claims/<int:claim_id>/write/", thread.write, name="write"),
    path("claims/<int:claim_id>/people/", thread.people, name="people"),
    path("<int:note_id>/edit/", thread.edit, name="edit"),
    path("<int:note_id>/take-back/", thread.take_back, name="take_back"),
    path("<int:note_id>/mark/", thread.mark, name="mark"),
]
