"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from config import health

# Looked up when asked for: there is no manifest of static files before `collectstatic`.
icon = lazy(static, str)("hearsay/icon.svg")

urlpatterns = [
    path("", include("review.front.urls")),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("api/v1/", include("config.api.urls")),
    path("search/", include("review.searching.urls")),
    path("review/", include("review.urls")),
    path("review/", include("review.opinion_urls")),
    path("review/assignments/", include("review.assignment_urls")),
    path("documents/", include("ingest.urls")),
    path("sources/", include("review.sources.urls")),
    path("propositions/", include("review.propositions.urls")),
    path("links/", include("review.propositions.link_urls")),
    path("notes/", include("review.notes.urls")),
    path("analysts/", include("review.analysts")),
    path("keys/", include("review.api_keys.urls")),
    path("export/", include("exchange.pages.exports")),
    path("import/", include("exchange.pages.imports")),
    path("jobs/", include("exchange.pages.jobs")),
    path("webhooks/", include("exchange.pages.webhooks")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("favicon.ico", login_not_required(RedirectView.as_view(url=icon))),
    path("healthz", login_not_required(health.alive)),
    path("readyz", login_not_required(health.ready)),
]
handler500 = "config.api.errors.server_error"
