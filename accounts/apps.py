from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.roles import sync_roles  # noqa: PLC0415 -- models cannot be imported before the apps are ready

        # After Django's own handler has made the permissions that the roles name.
        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
