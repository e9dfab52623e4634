"""Chats, updates, replicas, counts and phrases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("chat", sa.String(64), primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("touched", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_chats_touched", "chats", ["touched"])
    op.create_table(
        "updates",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat", sa.String(64)),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("turn", sa.BigInteger),
        sa.Column("before", sa.Text),
        sa.Column("taken", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_updates_taken", "updates", ["taken"])
    op.create_index("updates_open", "updates", ["chat", "number"])
    op.create_table(
        "replicas",
        sa.Column("owner", sa.String(80), primary_key=True),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "counts",
        *(
            sa.Column(name, sa.String(length), primary_key=True)
            for name, length in (
                ("day", 10),
                ("what", 16),
                ("topic", 64),
                ("platform", 64),
                ("detail", 32),
                ("leaf", 96),
                ("way", 16),
            )
        ),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "phrases",
        sa.Column("text", sa.String(400), primary_key=True),
        sa.Column("topic", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("mark", sa.String(40), nullable=False, server_default=""),
    )
