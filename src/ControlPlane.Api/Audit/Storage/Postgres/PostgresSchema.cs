namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>
/// Tables of a log in PostgreSQL, in a schema of their own. Triggers refuse to change, remove or truncate what was recorded, and the role that the
/// program works as has no right to; where another role owns the tables, it can't give itself that right either.
/// </summary>
internal static class PostgresSchema
{
    public const string Create =
        """
        CREATE SCHEMA IF NOT EXISTS audit;
        CREATE TABLE IF NOT EXISTS audit.entry(idx bigint PRIMARY KEY, leaf bytea NOT NULL, bytes bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.event(id uuid PRIMARY KEY, idx bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.tile(level int NOT NULL, idx bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY(level, idx));
        CREATE TABLE IF NOT EXISTS audit.posting(segment bigint NOT NULL, term bigint NOT NULL, distances bytea NOT NULL, PRIMARY KEY(segment, term));
        CREATE TABLE IF NOT EXISTS audit.source(name text PRIMARY KEY, next bigint NOT NULL, missing text NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.checkpoint(size bigint PRIMARY KEY, root bytea NOT NULL, at bigint NOT NULL, note text NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.head(one int PRIMARY KEY CHECK(one = 1), size bigint NOT NULL, root bytea NOT NULL, recorded_at bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.prune(until bigint PRIMARY KEY, certificate bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.identity(one int PRIMARY KEY CHECK(one = 1), key text NOT NULL);
        CREATE TABLE IF NOT EXISTS audit.probe(one int PRIMARY KEY CHECK(one = 1), writes bigint NOT NULL DEFAULT 1);
        INSERT INTO audit.head VALUES(1, 0, '\x', 0) ON CONFLICT DO NOTHING;

        CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
        CREATE OR REPLACE FUNCTION audit.refuse_uncertified() RETURNS trigger LANGUAGE plpgsql AS $$
          DECLARE at bigint := CASE WHEN TG_TABLE_NAME = 'posting' THEN (to_jsonb(OLD)->>'segment')::bigint * 65536 + 65535 ELSE (to_jsonb(OLD)->>'idx')::bigint END;
          BEGIN
            IF NOT EXISTS (SELECT 1 FROM audit.prune WHERE until > at) THEN
              RAISE EXCEPTION 'the audit log is append-only: no prune certificate covers this';
            END IF;
            RETURN OLD;
          END $$;
        CREATE OR REPLACE FUNCTION audit.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF NEW.size < OLD.size THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
            RETURN NEW;
          END $$;
        CREATE OR REPLACE FUNCTION audit.refuse_false_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF NOT EXISTS (SELECT 1 FROM audit.entry WHERE idx = NEW.certificate
                AND convert_from(bytes, 'UTF8')::jsonb->>'action' = 'log.prune'
                AND (convert_from(bytes, 'UTF8')::jsonb->'details'->>'end')::bigint = NEW.until
                AND NEW.until % 256 = 0 AND NEW.until <= NEW.certificate) THEN
              RAISE EXCEPTION 'the audit log is append-only: that entry is no prune certificate for this range';
            END IF;
            RETURN NEW;
          END $$;

        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE ON audit.posting FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE OR DELETE ON audit.tile FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE OR DELETE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE OR DELETE ON audit.prune FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER is_final BEFORE UPDATE OR DELETE ON audit.identity FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse_uncertified();
        CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse_uncertified();
        CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON audit.posting FOR EACH ROW EXECUTE FUNCTION audit.refuse_uncertified();
        CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON audit.source FOR EACH ROW EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.refuse_shrinking();
        CREATE OR REPLACE TRIGGER is_certified BEFORE INSERT ON audit.prune FOR EACH ROW EXECUTE FUNCTION audit.refuse_false_certificate();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.posting FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.tile FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.head FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.source FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.identity FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        CREATE OR REPLACE TRIGGER stays_whole BEFORE TRUNCATE ON audit.prune FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
        """;

    /// <summary>What the role of the program may do; its name is put in quoted.</summary>
    public static string Rights(string role) =>
        $"""
        GRANT USAGE ON SCHEMA audit TO {role};
        REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM {role};
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA audit TO {role};
        GRANT UPDATE ON audit.head, audit.source, audit.probe TO {role};
        GRANT DELETE ON audit.entry, audit.event, audit.posting TO {role};
        """;
}
