"""Reminders of a limit that is about to end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("chat", sa.String(64), primary_key=True),
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("thread", sa.BigInteger),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.String(80), nullable=False, server_default=""),
    )
    op.create_index("ix_reminders_due", "reminders", ["due"])
