from django.db import migrations

# Letters without capitals and accents, punctuation as space: what policy.search does with what is typed. All of it is
# immutable, so that it may stand in an index; no extension is needed.
FUNCTION = r"""
CREATE OR REPLACE FUNCTION policy_words(content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector(
        'pg_catalog.simple'::regconfig,
        translate(
            regexp_replace(normalize(lower(content), NFKD), U&'[\0300-\036f]', '', 'g'),
            '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
            repeat(' ', 32)
        )
    )
$$
"""
# Table: the words of it that are searched, as policy.search names them.
INDEXES = {
    "policy_issue": "title || ' ' || summary || ' ' || body",
    "policy_measure": "identifier || ' ' || title || ' ' || summary || ' ' || reasons",
    "contacts_legislator": "name",
    "policy_evidence": "claim || ' ' || key || ' ' || figure || ' ' || unit || ' ' || source_title",
}


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        for table, words in INDEXES.items():
            cursor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (policy_words({words}))")


def remove_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table in INDEXES:
            cursor.execute(f"DROP INDEX {table}_words")
        cursor.execute("DROP FUNCTION policy_words(text)")


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_evidence_library"), ("contacts", "0005_evidence_days")]
    operations = [migrations.RunPython(add_indexes, remove_indexes)]
