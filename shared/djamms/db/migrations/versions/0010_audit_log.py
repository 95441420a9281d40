"""Security events, append-only; when a session was used last; accounts that wait to be erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

# The setting cannot shorten it below this: who may change settings must not erase traces.
LEAST_DAYS, USUAL_DAYS = 30, 365

# Which events may go. now() is the transaction's: the same for whoever deletes and for the trigger.
KEPT_SINCE = f"""
CREATE FUNCTION audit_log_kept_since() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT now() - make_interval(days => greatest({LEAST_DAYS}, coalesce((
        SELECT least(36500, value::text::numeric)::int FROM public.system_settings
        WHERE key = 'audit.retention_days' AND jsonb_typeof(value) = 'number'
    ), {USUAL_DAYS})))
$$"""
APPEND_ONLY = """
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.occurred_at < audit_log_kept_since() THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END $$"""
# Whichever way they are changed, by the API or by hand.
SETTINGS = """
CREATE FUNCTION audit_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.key IN ('guest.access', 'registration.open', 'audit.retention_days',
                   'accounts.grace_days')
       AND (TG_OP = 'DELETE' OR NEW.value IS DISTINCT FROM OLD.value OR NEW.key <> OLD.key) THEN
        INSERT INTO audit_log (event, actor_id, details) VALUES (
            'setting.changed',
            CASE WHEN TG_OP = 'UPDATE' THEN NEW.updated_by END,
            jsonb_build_object('key', OLD.key, 'from', OLD.value,
                               'to', CASE WHEN TG_OP = 'UPDATE' THEN NEW.value END)
        );
    END IF;
    RETURN NULL;
END $$"""


def upgrade() -> None:
    note_last_use()
    make_log()
    for column in ("deleted_at", "erase_after"):
        op.add_column("users", sa.Column(column, sa.DateTime(timezone=True)))
    op.create_index(
        "ix_users_erase_after",
        "users",
        ["erase_after"],
        postgresql_where=sa.text("erase_after IS NOT NULL"),
    )


def note_last_use() -> None:
    now = sa.func.now()
    moment = sa.DateTime(timezone=True)
    op.add_column("sessions", sa.Column("last_used_at", moment, server_default=now, nullable=False))
    op.execute("UPDATE sessions SET last_used_at = refreshed_at")


def make_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column(
            "occurred_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("event", sa.String(50), nullable=False),
        sa.Column("user_id", sa.Uuid),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("source_ip", sa.String(45)),
        sa.Column("details", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    for name, columns in (
        ("ix_audit_log_occurred_at", ["occurred_at"]),
        ("ix_audit_log_event", ["event", "id"]),
        ("ix_audit_log_user", ["user_id", "id"]),
        ("ix_audit_log_actor", ["actor_id", "id"]),
    ):
        op.create_index(name, "audit_log", columns)
    for function in (KEPT_SINCE, APPEND_ONLY, SETTINGS):
        op.execute(sa.text(function.replace(":", "\\:")))
    op.execute(
        "CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION keep_audit_log()"
    )
    op.execute(
        "CREATE TRIGGER keep_whole_audit_log BEFORE TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log()"
    )
    op.execute(
        "CREATE TRIGGER audit_settings AFTER UPDATE OR DELETE ON system_settings "
        "FOR EACH ROW EXECUTE FUNCTION audit_settings()"
    )
