from django.urls import path

from review import adjudication, agreement

app_name = "opinions"
urlpatterns = [
    path("adjudication/", adjudication.waiting, name="waiting"),
    path("adjudication/undo/", adjudication.undo, name="undo"),
    path("adjudication/<int:claim_id>/", adjudication.adjudication, name="adjudication"),
    path("adjudication/<int:claim_id>/choose/", adjudication.choose, name="choose"),
    path("adjudication/<int:claim_id>/drop/", adjudication.drop, name="drop"),
    path("agreement/", agreement.agreement, name="agreement"),
]
