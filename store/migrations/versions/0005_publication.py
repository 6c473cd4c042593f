"""Publications (SOP PKIH HUM-02): the request, its narrations and files, whom it goes to, the push and the archive."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0005", "0004"

MOMENT = sa.TIMESTAMP(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def ident():
    return sa.Column("id", KEY, primary_key=True)


def need(name, kind=sa.Text, **more):
    return sa.Column(name, kind, nullable=False, **more)


def text(name, default=""):
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def flag(name, default=False):
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def number(name, default=0):
    return sa.Column(name, KEY, nullable=False, server_default=str(default))


def to(name, target, **more):
    return sa.Column(name, KEY, sa.ForeignKey(f"{target}.id"), **more)


def table(name, *columns, **more):
    """Every foreign key is named after its table and column."""
    for column in columns:
        for key in getattr(column, "foreign_keys", ()):
            key.name = f"{name}_{column.name}_fkey"
    op.create_table(name, *columns, **more)


def partial(name, table, columns, where, unique=False):
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def request():
    table(
        "publication",
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        text("status", "running"),
        to("unit_id", "unit"),
        need("subject"),
        flag("urgent"),
        text("letter_number"),
        text("letter_date"),
        text("sender"),
        text("wish"),
        sa.Column("wished_at", MOMENT),
        need("source"),
        to("by_officer", "officer"),
        to("ticket_id", "ticket"),
        to("procedure_id", "procedure"),
        text("step"),
        text("lane"),
        to("holder_id", "officer"),
        sa.Column("step_at", MOMENT),
        sa.Column("due_at", MOMENT),
        number("version", 1),
        number("checked_version"),
        number("ordered_version"),
        sa.Column("publish_at", MOMENT),
        sa.Column("published_at", MOMENT),
        need("opened_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("changed_at", MOMENT),
        sa.CheckConstraint(
            "status IN ('running', 'archived', 'rejected', 'withdrawn')", name="publication_status"
        ),
    )
    partial("publication_running", "publication", ["unit_id", "id"], "status = 'running'")
    op.create_index("publication_closed", "publication", ["closed_at", "id"])
    partial("publication_ticket", "publication", ["ticket_id"], "ticket_id IS NOT NULL", unique=True)
    table(
        "narration",
        to("publication_id", "publication", primary_key=True),
        sa.Column("version", KEY, primary_key=True),
        need("text"),
        to("author_id", "officer"),
        text("note"),
        need("ticked_json", JSON),
        need("written_at", MOMENT),
    )
    table(
        "publication_file",
        ident(),
        to("publication_id", "publication", nullable=False),
        need("role"),  # "letter", "picture" or "file"
        flag("permitted"),  # a picture's permission was seen
        need("name"),
        need("content_type"),
        number("size"),
        need("path"),
        need("sha256"),
        to("by_officer", "officer"),
        need("added_at", MOMENT),
        sa.Column("removed_at", MOMENT),
    )
    op.create_index("publication_file_publication", "publication_file", ["publication_id"])


def audience():
    table(
        "topic",
        ident(),
        need("code"),
        need("name"),
        to("unit_id", "unit"),
        flag("active", True),
        sa.UniqueConstraint("code", name="topic_code"),
    )
    table(
        "target",
        ident(),
        need("kind"),  # "channel", "group", "subscribers" or "hand"
        need("channel"),
        text("address"),
        need("name"),
        to("topic_id", "topic"),
        to("unit_id", "unit"),
        text("state", "unknown"),
        text("reason"),
        number("members"),
        text("link"),
        flag("active", True),
        sa.Column("asked_at", MOMENT),
        need("created_at", MOMENT),
    )
    table(
        "subscription",
        ident(),
        to("topic_id", "topic", nullable=False),
        need("channel"),
        need("address"),
        to("contact_id", "contact"),
        need("joined_at", MOMENT),
        sa.Column("left_at", MOMENT),
        sa.UniqueConstraint("topic_id", "channel", "address", name="subscription_address"),
    )
    partial("subscription_topic", "subscription", ["topic_id", "channel", "id"], "left_at IS NULL")
    op.create_index("subscription_address_of", "subscription", ["channel", "address"])
    table(
        "publication_target",
        to("publication_id", "publication", primary_key=True),
        to("target_id", "target", primary_key=True),
    )


def push():
    table(
        "push",
        ident(),
        to("publication_id", "publication", nullable=False),
        need("kind"),  # "publish", "erratum", "withdrawal", "pin" or "unpin"
        text("state", "planned"),
        need("text"),
        number("total"),
        number("fed_to"),  # the last recipient whose outbox row was written
        need("start_at", MOMENT),
        sa.Column("begun_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        to("by_officer", "officer"),
        to("approved_by", "officer"),  # of an erratum: who found it fit
        sa.Column("unpin_at", MOMENT),
        sa.CheckConstraint(
            "state IN ('proposed', 'planned', 'running', 'paused', 'stopped', 'done')", name="push_state"
        ),
    )
    op.create_index("push_publication", "push", ["publication_id", "id"])
    partial("push_due", "push", ["start_at", "id"], "state IN ('planned', 'running')")
    table(
        "recipient",  # the frozen audience: one a channel and address
        ident(),
        to("publication_id", "publication", nullable=False),
        need("channel"),
        need("address"),
        to("target_id", "target", nullable=False),
        sa.Column("outbox_id", KEY),
        text("external_id"),
        text("link"),
        to("keyed_by", "officer"),
        sa.Column("keyed_at", MOMENT),
        sa.UniqueConstraint("publication_id", "channel", "address", name="recipient_address"),
    )
    partial("recipient_outbox", "recipient", ["outbox_id"], "outbox_id IS NOT NULL")
    op.create_index("recipient_target", "recipient", ["publication_id", "target_id", "id"])
    op.add_column("outbox", sa.Column("push_id", KEY))
    partial("outbox_push", "outbox", ["push_id", "state"], "push_id IS NOT NULL")
    table(
        "archive",
        to("publication_id", "publication", primary_key=True),
        need("manifest_json", JSON),
        need("sha256"),
        to("by_officer", "officer"),
        need("archived_at", MOMENT),
    )


def upgrade():
    request()
    audience()
    push()
