"""Puts each wording into the collections whose documents speak of the source in these words."""

from django.db import migrations

PLACE_THEM = r"""
INSERT INTO sources_sourcealias (source_id, wording, created_at, collection_id, document_id)
SELECT alias.source_id, alias.wording, alias.created_at, document.collection_id, min(document.id)
FROM sources_sourcealias alias
JOIN claims_documentsource found ON found.source_id = alias.source_id
    AND left(btrim(regexp_replace(found.canonical, '\s+', ' ', 'g')), 500) = alias.wording
JOIN claims_extractionrun run ON run.id = found.run_id
JOIN documents_textlayer layer ON layer.id = run.layer_id
JOIN documents_document document ON document.id = layer.document_id
WHERE alias.collection_id IS NULL
GROUP BY alias.source_id, alias.wording, alias.created_at, document.collection_id;

DELETE FROM sources_sourcealias alias
WHERE alias.collection_id IS NULL AND EXISTS (
    SELECT FROM sources_sourcealias placed
    WHERE placed.source_id = alias.source_id AND placed.wording = alias.wording AND placed.collection_id IS NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_aliases_by_collection"), ("claims", "0002_questions_and_links")]

    # Backwards nothing: the older code reads the same rows, and a wording seen in two collections stands there twice,
    # which its constraint refuses. Put them together by hand first.
    operations = [migrations.RunSQL(PLACE_THEM, migrations.RunSQL.noop)]
