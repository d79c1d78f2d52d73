"""The pace of the last weeks is read from an index alone. Going back drops it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_what_waits_is_found_at_once")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                name="review_by_time", fields=["at"], include=["id", "claim", "analyst", "decision", "round"]
            ),
        ),
    ]
