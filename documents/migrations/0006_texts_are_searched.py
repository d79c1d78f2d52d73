from django.db import migrations


class Migration(migrations.Migration):
    """The texts that are there already. Backwards there is nothing to do: 0005 takes the table away."""

    dependencies = [("documents", "0005_parts_to_search")]

    operations = [
        migrations.RunSQL(
            "SELECT documents_index_layer(layer.id) FROM documents_textlayer layer ORDER BY layer.id",
            migrations.RunSQL.noop,
        ),
    ]
