from django.urls import path

from review.propositions import deciding, link_queue, notices

app_name = "links"
urlpatterns = [
    path("", link_queue.queue, name="queue"),
    path("<int:link_id>/decide/", deciding.decide, name="decide"),
    path("claims/<int:link_id>/decide/", deciding.decide_claim_link, name="decide_claim_link"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:notice_id>/decide/", notices.decide, name="decide_notice"),
]
