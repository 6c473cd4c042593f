"""The desk's first tables: office, people, conversations, tickets, visits, the way out and the chain of events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0001", None

MOMENT = sa.TIMESTAMP(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(name, default=None, **more):
    if default is not None:
        more |= {"nullable": False, "server_default": default}
    return sa.Column(name, sa.Text, **more)


def need(name, kind=sa.Text, **more):
    return sa.Column(name, kind, nullable=False, **more)


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


def ident():
    return sa.Column("id", KEY, primary_key=True)


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=f"{table}_{'_'.join(columns)}")


def partial(name, table, columns, where, unique=False):
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def office():
    table(
        "calendar",
        ident(),
        need("code"),
        need("name"),
        need("rules_json", JSON),
        unique("calendar", "code"),
    )
    table(
        "unit",
        ident(),
        need("code"),
        need("name"),
        text("kind", "kantor_pusat"),
        to("parent_id", "unit"),
        to("calendar_id", "calendar"),
        text("procedure", ""),
        text("sharing", "hand"),
        text("staff_chat", ""),
        flag("active", True),
        unique("unit", "code"),
    )
    table(
        "officer",
        ident(),
        need("login"),
        need("name"),
        text("title", ""),
        text("password_hash", ""),
        text("totp_secret", ""),
        text("language", "id"),
        flag("active", True),
        flag("present", True),
        need("created_at", MOMENT),
        unique("officer", "login"),
    )
    table(
        "seat",
        ident(),
        to("officer_id", "officer", nullable=False),
        to("unit_id", "unit"),
        need("lane"),
        need("role"),
        need("from_at", MOMENT),
        sa.Column("until_at", MOMENT),
        to("deputy_of", "officer"),
        text("decree", ""),
    )
    op.create_index("seat_officer", "seat", ["officer_id"])
    op.create_index("seat_lane", "seat", ["lane", "unit_id"])
    table(
        "session",
        sa.Column("token_hash", sa.Text, primary_key=True),
        to("officer_id", "officer", nullable=False),
        need("form_token"),
        need("opened_at", MOMENT),
        need("seen_at", MOMENT),
        need("ends_at", MOMENT),
        text("device", ""),
    )
    op.create_index("session_officer", "session", ["officer_id"])
    table(
        "attempt",  # failed logins, by account and by address (both hashed)
        sa.Column("who", sa.Text, primary_key=True),
        need("failures", KEY),
        need("last_at", MOMENT),
    )
    table(
        "one_time",  # codes that work once: linking a chat, a password reset, a group
        sa.Column("code_hash", sa.Text, primary_key=True),
        need("purpose"),
        to("officer_id", "officer"),
        to("unit_id", "unit"),
        need("ends_at", MOMENT),
    )
    table(
        "officer_chat",
        sa.Column("bot", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, primary_key=True),
        to("officer_id", "officer", nullable=False),
        need("linked_at", MOMENT),
        text("state", "reachable"),
    )
    op.create_index("officer_chat_officer", "officer_chat", ["officer_id"])
    table(
        "category",
        ident(),
        need("code"),
        need("name"),
        to("parent_id", "category"),
        need("keywords_json", JSON),
        to("unit_id", "unit"),
        text("procedure", ""),
        text("identity", "none"),
        flag("needs_photo"),
        flag("needs_location"),
        flag("template_only"),
        sa.Column("retention_days", KEY),
        flag("active", True),
        unique("category", "code"),
    )
    table(
        "reply_template",
        ident(),
        need("code"),
        number("version", 1),
        need("name"),
        text("language", "id"),
        need("body"),
        to("unit_id", "unit"),
        to("category_id", "category"),
        text("status", "draft"),
        flag("harmless"),
        need("variants_json", JSON),
        to("approved_by", "officer"),
        sa.Column("approved_at", MOMENT),
        need("created_at", MOMENT),
        unique("reply_template", "code", "language", "version"),
        sa.CheckConstraint("status IN ('draft', 'approved', 'withdrawn')", name="reply_template_status"),
    )
    table(
        "procedure",
        ident(),
        need("code"),
        need("source"),
        need("from_at", MOMENT),
        sa.Column("until_at", MOMENT),
        text("status", "in_force"),
        unique("procedure", "code", "from_at"),
    )
    table("setting", sa.Column("name", sa.Text, primary_key=True), need("value_json", JSON))


def people():
    table(
        "contact",
        ident(),
        text("name", ""),
        text("language", "id"),
        text("proof", "none"),
        need("created_at", MOMENT),
        sa.Column("erased_at", MOMENT),
    )
    table(
        "address",
        ident(),
        to("contact_id", "contact", nullable=False),
        need("channel"),
        need("value"),
        text("state", "reachable"),
        sa.Column("wrote_at", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        unique("address", "channel", "value"),
    )
    op.create_index("address_contact", "address", ["contact_id"])
    table(
        "claim",
        ident(),
        to("contact_id", "contact", nullable=False),
        need("kind"),
        need("value"),
        need("level"),
        text("how", ""),
        to("by_officer", "officer"),
        need("stated_at", MOMENT),
        unique("claim", "contact_id", "kind", "value"),
    )
    op.create_index("claim_value", "claim", ["kind", "value"])


def work():
    table(
        "ticket",
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        text("status", "open"),
        text("subject", ""),
        to("unit_id", "unit"),
        to("contact_id", "contact", nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        need("channel"),
        to("holder_id", "officer"),
        to("procedure_id", "procedure"),
        text("step", ""),
        text("lane", ""),
        sa.Column("step_at", MOMENT),
        sa.Column("due_at", MOMENT),
        need("rank_at", MOMENT),  # due_at, or the end of time: what the queue is ordered by
        flag("decided"),
        flag("unread", True),
        text("proof", "none"),
        text("language", "id"),
        need("token"),
        text("name", ""),
        number("messages"),
        need("opened_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("changed_at", MOMENT),
        unique("ticket", "token"),
        sa.CheckConstraint("status IN ('open', 'answered', 'closed')", name="ticket_status"),
    )
    for name, columns in (
        ("ticket_unit", ["unit_id", "rank_at", "id"]),
        ("ticket_holder", ["holder_id", "rank_at", "id"]),
    ):
        partial(name, "ticket", columns, "status <> 'closed'")
    partial("ticket_free", "ticket", ["unit_id", "rank_at", "id"], "status <> 'closed' AND holder_id IS NULL")
    partial("ticket_closed", "ticket", ["unit_id", "closed_at", "id"], "status = 'closed'")
    op.create_index("ticket_contact", "ticket", ["contact_id", "id"])
    table(
        "conversation",
        ident(),
        need("channel"),
        need("key"),
        to("address_id", "address", nullable=False),
        to("contact_id", "contact", nullable=False),
        to("ticket_id", "ticket"),
        need("token"),
        sa.Column("last_in_at", MOMENT),
        sa.Column("said_at", MOMENT),  # our last automatic word: at most one a minute
        need("dialog_json", JSON),
        need("thread_json", JSON),
        unique("conversation", "channel", "key"),
        unique("conversation", "token"),
    )
    op.create_index("conversation_ticket", "conversation", ["ticket_id"])
    op.create_index("conversation_contact", "conversation", ["contact_id"])
    table(
        "ticket_category",
        sa.Column("ticket_id", KEY, sa.ForeignKey("ticket.id", name="ticket_category_ticket"), primary_key=True),
        sa.Column("category_id", KEY, sa.ForeignKey("category.id", name="ticket_category_category"), primary_key=True),
        to("by_officer", "officer"),
        need("tagged_at", MOMENT),
    )
    op.create_index("ticket_category_category", "ticket_category", ["category_id", "ticket_id"])
    table(
        "visit",
        ident(),
        text("case_kind", "ticket"),
        need("case_id", KEY),
        text("kind", "step"),
        need("step"),
        need("lane"),
        to("unit_id", "unit"),
        to("holder_id", "officer"),
        to("deputy_of", "officer"),
        number("round", 1),
        need("opened_at", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("look_at", MOMENT),  # when the sweeper must look next
        sa.Column("closed_at", MOMENT),
        text("decision", ""),
        text("code", ""),
        text("reason", ""),
        to("by_officer", "officer"),
    )
    op.create_index("visit_case", "visit", ["case_kind", "case_id", "id"])
    partial("visit_open", "visit", ["case_kind", "case_id", "kind"], "closed_at IS NULL", unique=True)
    partial("visit_look", "visit", ["look_at", "id"], "closed_at IS NULL AND look_at IS NOT NULL")
    partial("visit_holder", "visit", ["holder_id", "id"], "closed_at IS NULL")
    partial("visit_lane", "visit", ["unit_id", "lane", "id"], "closed_at IS NULL")
    table(
        "reminder",
        to("visit_id", "visit", primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        need("told_at", MOMENT),
    )
    table(
        "message",
        ident(),
        to("ticket_id", "ticket", nullable=False),
        sa.Column("conversation_id", KEY),
        need("direction"),
        text("kind", "text"),
        to("author_id", "officer"),
        flag("automatic"),
        need("channel"),
        sa.Column("external_id", sa.Text),
        need("text"),
        text("quoted", ""),
        text("subject", ""),
        text("album", ""),
        need("payload_json", JSON),
        sa.Column("reply_to_id", KEY),
        sa.Column("sequence", KEY),  # the provider's own order within the conversation
        sa.Column("place", KEY),  # where it stands when it came out of order; else by its id
        to("template_id", "reply_template"),
        number("revisions"),
        need("salt"),
        need("written_at", MOMENT),
        sa.Column("edited_at", MOMENT),
        sa.CheckConstraint("direction IN ('in', 'out', 'note')", name="message_direction"),
    )
    op.create_index("message_ticket", "message", ["ticket_id", "id"])
    partial("message_external", "message", ["channel", "external_id", "direction"], "external_id IS NOT NULL", unique=True)
    partial("message_album", "message", ["conversation_id", "album"], "album <> ''", unique=True)
    table(
        "revision",
        to("message_id", "message", primary_key=True),
        sa.Column("n", KEY, primary_key=True),
        need("text"),
        need("written_at", MOMENT),
    )
    table(
        "attachment",
        ident(),
        to("message_id", "message", nullable=False),
        need("kind"),
        need("name"),
        need("content_type"),
        sa.Column("size", KEY),
        text("remote", ""),
        text("path", ""),
        text("sha256", ""),
        text("state", "kept"),
        text("error", ""),
        number("attempts"),
        sa.Column("next_at", MOMENT),
        flag("released"),  # shown to a complained-about or third party
        sa.CheckConstraint("state IN ('waiting', 'kept', 'failed', 'too_large')", name="attachment_state"),
    )
    op.create_index("attachment_message", "attachment", ["message_id"])
    partial("attachment_waiting", "attachment", ["next_at", "id"], "state = 'waiting'")
    table(
        "draft",
        to("ticket_id", "ticket", primary_key=True),
        to("officer_id", "officer", primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        need("text"),
        to("template_id", "reply_template"),
        number("read_to"),
        need("saved_at", MOMENT),
    )


def cases():
    """What a case needs beside its visits: the form its parties see, links to its page, vacant lanes."""
    table(
        "form",
        to("ticket_id", "ticket", primary_key=True),
        need("text"),
        to("by_officer", "officer"),
        need("edited_at", MOMENT),
    )
    table(
        "case_link",
        sa.Column("token_hash", sa.Text, primary_key=True),
        to("ticket_id", "ticket", nullable=False),
        to("visit_id", "visit", nullable=False),
        need("name"),
        to("by_officer", "officer"),
        need("ends_at", MOMENT),
    )
    op.create_index("case_link_ticket", "case_link", ["ticket_id"])
    table(
        "vacancy",
        ident(),
        to("unit_id", "unit"),
        need("lane"),
        text("reason", ""),
        need("from_at", MOMENT),
        sa.Column("until_at", MOMENT),
    )


def ways():
    table(
        "outbox",
        ident(),
        need("channel"),
        need("recipient"),
        need("line"),  # rows of one line are sent in order, one at a time
        number("rank"),
        text("kind", "answer"),
        sa.Column("conversation_id", KEY),
        to("ticket_id", "ticket"),
        to("message_id", "message"),
        need("body_json", JSON),
        text("state", "queued"),
        number("attempts"),
        need("queued_at", MOMENT),
        need("next_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("external_id", sa.Text),
        text("error", ""),
        flag("doubtful"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'unknown', 'failed', 'withdrawn')",
            name="outbox_state",
        ),
    )
    partial("outbox_due", "outbox", ["channel", "rank", "next_at", "id"], "state = 'queued'")
    partial("outbox_line", "outbox", ["line", "id"], "state IN ('queued', 'sending')")
    partial("outbox_sending", "outbox", ["id"], "state = 'sending'")
    partial("outbox_external", "outbox", ["channel", "external_id"], "external_id IS NOT NULL")
    partial("outbox_message", "outbox", ["message_id"], "message_id IS NOT NULL")
    partial("outbox_dead", "outbox", ["id"], "state IN ('failed', 'unknown')")
    table(
        "seen",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        text("actor", ""),
        sa.Column("answer_json", JSON),
        need("seen_at", MOMENT),
        sqlite_with_rowid=False,
    )
    table(
        "parked",
        ident(),
        need("channel"),
        need("external_id"),
        need("raw", sa.LargeBinary),
        sa.Column("incoming_json", JSON),
        need("reason"),
        need("parked_at", MOMENT),
        text("state", "parked"),
        unique("parked", "channel", "external_id"),
    )
    table("memory", sa.Column("name", sa.Text, primary_key=True), need("value_json", JSON))
    table("counter", sa.Column("name", sa.Text, primary_key=True), need("n", KEY))
    table(
        "audit",
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        text("case_kind", ""),
        sa.Column("case_id", KEY),
        need("kind"),
        need("body"),
        need("hash"),
    )
    partial("audit_case", "audit", ["case_kind", "case_id", "id"], "case_id IS NOT NULL")


def search():
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2')"
        )
    else:
        op.execute("CREATE TABLE search (message_id BIGINT PRIMARY KEY, lexemes TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX search_lexemes ON search USING gin (lexemes)")


def upgrade():
    office()
    people()
    work()
    cases()
    ways()
    search()
