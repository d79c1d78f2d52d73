import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_test_works_on_a_clone_of_the_migrated_template():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), to_regclass('django_migrations'), to_regclass('pgmq.meta')")
        name, migrations, queues = cursor.fetchone()

    assert name.startswith("hearsay_test_")
    assert (migrations, queues) == ("django_migrations", "pgmq.meta")
