from django.db import models


class CallCount(models.Model):
    """How many calls somebody has made in the window that is running.

    The table is not logged: it is written with every call, and a crash may forget what was counted.
    """

    caller = models.CharField(max_length=160, primary_key=True, help_text="Which allowance, and of whom.")
    opened_at = models.DateTimeField(help_text="When the window began: with its first call.")
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.used}"
