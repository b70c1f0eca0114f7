"""On PostgreSQL a trigger keeps the audit append-only, whoever writes; only an empty digest may be filled, once."""

from django.db import migrations

CREATE = """
CREATE FUNCTION registration_auditevent_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.digest = '' AND NEW.digest <> ''
       AND to_jsonb(OLD) - 'digest' = to_jsonb(NEW) - 'digest' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER registration_auditevent_append_only BEFORE UPDATE OR DELETE ON registration_auditevent
    FOR EACH ROW EXECUTE FUNCTION registration_auditevent_append_only();
"""
DROP = """
DROP TRIGGER registration_auditevent_append_only ON registration_auditevent;
DROP FUNCTION registration_auditevent_append_only();
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
