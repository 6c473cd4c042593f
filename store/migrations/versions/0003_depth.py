"""What a desk in daily use needs: other ways for an answer, merging and linking, views, suggestions, second factors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0003", "0002"

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


def more(name, *columns):
    for column in columns:
        op.add_column(name, column)


def partial(name, table, columns, where, unique=False):
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def ways():
    """The way out: what a row waits for, whose process took it, whether somebody saw to it after it died."""
    more(
        "outbox",
        text("waits_for"),  # "": its moment; "window": the person's next word, at the latest next_at
        text("taken_by"),
        sa.Column("taken_at", MOMENT),
        sa.Column("settled_at", MOMENT),
    )
    partial("outbox_window", "outbox", ["conversation_id"], "state = 'queued' AND waits_for = 'window'")
    partial("outbox_template", "outbox", ["conversation_id", "id"], "kind = 'template'")
    more("conversation", sa.Column("look_at", MOMENT))  # WhatsApp: when its window is about to close
    partial("conversation_look", "conversation", ["look_at"], "look_at IS NOT NULL")
    table(
        "provider_template",  # WhatsApp: what may be said outside the window, as its provider approved it
        ident(),
        need("channel"),
        need("external"),
        need("purpose"),
        need("name"),
        text("language", "id"),
        need("body"),
        need("holes_json", JSON),
        text("state", "unknown"),
        text("reason"),
        flag("active", True),
        sa.Column("asked_at", MOMENT),
        need("created_at", MOMENT),
        sa.UniqueConstraint("channel", "external", name="provider_template_external"),
    )
    table(
        "door",  # an opaque deep link: a QR code on a wall leads to this unit or category
        sa.Column("token", sa.Text, primary_key=True),
        need("name"),
        to("unit_id", "unit"),
        to("category_id", "category"),
        to("by_officer", "officer"),
        flag("active", True),
        need("created_at", MOMENT),
    )


def people():
    more("contact", sa.Column("said_at", MOMENT))  # our last automatic word to this person, on any channel
    table(
        "address_move",
        ident(),
        to("address_id", "address", nullable=False),
        to("from_contact", "contact", nullable=False),
        to("to_contact", "contact", nullable=False),
        need("conversations_json", JSON),
        to("by_officer", "officer"),
        need("moved_at", MOMENT),
        sa.Column("undone_at", MOMENT),
    )
    op.create_index("address_move_contact", "address_move", ["to_contact", "id"])
    more("officer", number("totp_used"), text("oidc_subject"))
    partial("officer_oidc", "officer", ["oidc_subject"], "oidc_subject <> ''", unique=True)


def work():
    more("ticket", sa.Column("merged_into", KEY))
    partial("ticket_merged", "ticket", ["merged_into"], "merged_into IS NOT NULL")
    table(
        "merge",
        ident(),
        to("from_ticket", "ticket", nullable=False),
        to("into_ticket", "ticket", nullable=False),
        need("before_json", JSON),
        to("by_officer", "officer"),
        need("merged_at", MOMENT),
        sa.Column("undone_at", MOMENT),
    )
    table(
        "split",
        ident(),
        to("from_ticket", "ticket", nullable=False),
        to("into_ticket", "ticket", nullable=False),
        need("messages_json", JSON),
        to("by_officer", "officer"),
        need("split_at", MOMENT),
        sa.Column("undone_at", MOMENT),
    )
    table(
        "follower",
        to("ticket_id", "ticket", primary_key=True),
        to("officer_id", "officer", primary_key=True),
        need("since_at", MOMENT),
    )
    table(
        "watching",  # who has the ticket open, and whether they write
        to("ticket_id", "ticket", primary_key=True),
        to("officer_id", "officer", primary_key=True),
        flag("typing"),
        need("seen_at", MOMENT),
    )
    table(
        "prepared",  # an answer that waits for the superior's decision
        ident(),
        to("ticket_id", "ticket", nullable=False),
        to("officer_id", "officer", nullable=False),
        need("text"),
        to("template_id", "reply_template"),
        sa.Column("conversation_id", KEY),
        flag("at_once"),
        flag("then_close"),
        number("read_to"),
        need("files_json", JSON),
        sa.Column("send_at", MOMENT),  # None: it waits for the decision
        need("written_at", MOMENT),
        sa.Column("done_at", MOMENT),
        text("outcome"),
    )
    partial("prepared_waiting", "prepared", ["ticket_id"], "done_at IS NULL", unique=True)
    partial("prepared_due", "prepared", ["send_at"], "done_at IS NULL AND send_at IS NOT NULL")
    more("draft", sa.Column("files_json", JSON), sa.Column("conversation_id", KEY))
    more("message", sa.Column("withdrawn_at", MOMENT))
    partial("message_template", "message", ["template_id", "id"], "template_id IS NOT NULL")
    more("attachment", text("thumbnail"))  # "": nobody looked at the file yet; "-": it has no small picture
    partial("attachment_unseen", "attachment", ["id"], "state = 'kept' AND thumbnail = ''")


def supervision():
    table(
        "saved_view",
        ident(),
        to("officer_id", "officer", nullable=False),
        need("name"),
        need("filters"),  # the query of the queue's address
        to("unit_id", "unit"),
        flag("shared"),
        need("created_at", MOMENT),
        sa.UniqueConstraint("officer_id", "name", name="saved_view_name"),
    )
    more("category", sa.Column("merged_into", KEY), number("position"))
    table(
        "template_file",
        ident(),
        to("template_id", "reply_template", nullable=False),
        need("name"),
        need("content_type"),
        number("size"),
        need("path"),
        need("sha256"),
    )
    op.create_index("template_file_template", "template_file", ["template_id"])
    table(
        "category_word",  # what agents chose, by word: the suggestion's counts
        to("category_id", "category", primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        number("n"),
        sqlite_with_rowid=False,
    )
    op.create_index("category_word_word", "category_word", ["word"])
    table(
        "suggestion",
        to("ticket_id", "ticket", primary_key=True),
        to("category_id", "category", nullable=False),
        need("score", sa.Float),
        need("why_json", JSON),
        to("chosen_id", "category"),
        need("suggested_at", MOMENT),
        sa.Column("chosen_at", MOMENT),
    )
    partial("suggestion_chosen", "suggestion", ["chosen_at"], "chosen_at IS NOT NULL")


SHAPE = "(channel || '|' || proof || '|' || step)"
PLACE = f"""coalesce(t.unit_id, 0),
       CASE WHEN t.status = 'closed' THEN 'closed' WHEN t.holder_id IS NULL THEN 'free' ELSE 'held' END,
       t.channel || '|' || t.proof || '|' || t.step, CASE WHEN t.status = 'closed' THEN t.closed_at ELSE t.rank_at END"""
KEPT = ("status", "unit_id", "holder_id", "channel", "proof", "step", "rank_at", "closed_at")


def queue():
    """Filters of the queue: one ordered list for each shape (channel, proof, step) that a unit's tickets have."""
    opened, free, closed = "status <> 'closed'", "status <> 'closed' AND holder_id IS NULL", "status = 'closed'"
    unit, shape = sa.text("coalesce(unit_id, 0)"), sa.text(SHAPE)
    partial("ticket_shape", "ticket", [unit, shape, "rank_at", "id"], opened)
    partial("ticket_shape_free", "ticket", [unit, shape, "rank_at", "id"], free)
    partial("ticket_shape_closed", "ticket", [unit, shape, "closed_at", "id"], closed)
    partial("ticket_opened", "ticket", [unit, "opened_at", "id"], opened)
    partial("ticket_opened_closed", "ticket", [unit, "opened_at", "id"], closed)
    partial("ticket_holder_closed", "ticket", ["holder_id", "closed_at", "id"], "status = 'closed' AND holder_id IS NOT NULL")
    more("ticket_category", number("unit_id"), text("state"), text("shape"), sa.Column("sort_at", MOMENT))
    op.execute(f"""UPDATE ticket_category SET (unit_id, state, shape, sort_at) =
        (SELECT {PLACE} FROM ticket t WHERE t.id = ticket_category.ticket_id)""")
    order = ["category_id", "unit_id", "state", "shape", "sort_at", "ticket_id"]
    op.create_index("ticket_category_shape", "ticket_category", order)
    follow = follow_sqlite if op.get_context().dialect.name == "sqlite" else follow_postgresql
    follow()


def follow_sqlite():
    """A ticket's place in the lists of its categories follows the ticket, whoever writes either."""
    place = f"UPDATE ticket_category SET (unit_id, state, shape, sort_at) = (SELECT {PLACE} FROM ticket t WHERE t.id = NEW.{{}})"
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in KEPT)
    op.execute(f"""CREATE TRIGGER ticket_moved AFTER UPDATE OF {", ".join(KEPT)} ON ticket WHEN {differs}
        BEGIN {place.format("id")} WHERE ticket_id = NEW.id; END""")
    op.execute(f"""CREATE TRIGGER ticket_tagged AFTER INSERT ON ticket_category
        BEGIN {place.format("ticket_id")} WHERE ticket_id = NEW.ticket_id AND category_id = NEW.category_id; END""")


def follow_postgresql():
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in KEPT)
    op.execute(f"""CREATE FUNCTION ticket_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE ticket_category SET (unit_id, state, shape, sort_at) = (SELECT {PLACE} FROM ticket t WHERE t.id = NEW.id)
         WHERE ticket_id = NEW.id; RETURN NULL; END $$""")
    op.execute(f"""CREATE TRIGGER ticket_moved AFTER UPDATE OF {", ".join(KEPT)} ON ticket
        FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION ticket_moved()""")
    op.execute(f"""CREATE FUNCTION ticket_tagged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        SELECT {PLACE} INTO NEW.unit_id, NEW.state, NEW.shape, NEW.sort_at FROM ticket t WHERE t.id = NEW.ticket_id;
        RETURN NEW; END $$""")
    op.execute("""CREATE TRIGGER ticket_tagged BEFORE INSERT ON ticket_category
        FOR EACH ROW EXECUTE FUNCTION ticket_tagged()""")


def search():
    """Words that were said, so that a beginning becomes the words it may mean; without numbers."""
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    table("search_word", sa.Column("word", plain, primary_key=True), number("n"), sqlite_with_rowid=False)
    op.create_index("claim_shared", "claim", ["value", "contact_id"])
    op.create_index("address_value", "address", ["value"])


def upgrade():
    ways()
    people()
    work()
    supervision()
    queue()
    search()
