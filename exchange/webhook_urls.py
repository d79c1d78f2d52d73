from django.urls import path

from exchange import webhook_pages

app_name = "webhooks"
urlpatterns = [
    path("", webhook_pages.webhooks, name="list"),
    path("<int:webhook_id>/", webhook_pages.webhook, name="webhook"),
    path("<int:webhook_id>/new-secret/", webhook_pages.new_secret, name="new_secret"),
    path("<int:webhook_id>/switch/", webhook_pages.switch, name="switch"),
    path("<int:webhook_id>/delete/", webhook_pages.delete, name="delete"),
    path("deliveries/<int:delivery_id>/send-again/", webhook_pages.send_again, name="send_again"),
    path("deliveries/<int:delivery_id>/replay/", webhook_pages.replay, name="replay"),
]
