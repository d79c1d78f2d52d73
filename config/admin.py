from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class HearsayAdminSite(AdminSite):
    """The records pages. Reviewing happens in the workbench; here records are looked up and kept."""

    site_title = _("Hearsay records")
    site_header = _("Hearsay records")
    index_title = _("Records")
    site_url = "/review/"
    empty_value_display = "–"
    enable_nav_sidebar = True
