from django.db import migrations


class Migration(migrations.Migration):
    """Every night all records are written: with room for the new row on the old one's page, no index needs an entry.

    Pages written from now on are filled by half; the rest comes with the next nights.
    """

    dependencies = [("sources", "0006_how_wordings_sound")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE sources_trackrecord SET (fillfactor = 45)",
            "ALTER TABLE sources_trackrecord RESET (fillfactor)",
        )
    ]
