"""What several processes and the operator need: who does what alone, daily anchors of the chain, alerts that were told,
how the desk fared in the last hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0004", "0003"

MOMENT = sa.TIMESTAMP(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
    )
    op.create_table(
        "anchor",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("anchored_at", MOMENT, nullable=False),
    )
    op.create_table(
        "alert",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("body_json", JSON, nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("over_at", MOMENT),
    )
    op.create_table(
        "sample",  # one small row an interval, of the last day
        sa.Column("taken_at", MOMENT, primary_key=True),
        sa.Column("body_json", JSON, nullable=False),
    )
    for name, table, columns, where in (
        ("visit_due", "visit", ["due_at"], "closed_at IS NULL AND due_at IS NOT NULL"),
        ("parked_waiting", "parked", ["id"], "state = 'parked'"),
    ):
        condition = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
