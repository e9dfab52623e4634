"""The tables as the code of today sees them; `migrations` leads there from any day.

A column keeps its first name in the database, so that old and new replicas run beside each
other; the code's name is its `key`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

HEAD = "0003"
"""The migration that these tables are the outcome of."""

meta = MetaData()

bots = Table(
    "bot",
    meta,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
"""Whose store it is, in a single row."""

chats = Table(
    "chats",
    meta,
    Column("chat", String(64), primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("session", Text, nullable=False),
    Column("touched", BigInteger, nullable=False, index=True),
)

updates = Table(
    "updates",
    meta,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", String(64)),  # until it is answered
    Column("owner", String(80), key="process", nullable=False),
    Column("answered", Boolean, nullable=False, server_default=false()),
    Column("turn", BigInteger),  # with `before`: where its turn began
    Column("before", Text),
    Column("taken", BigInteger, nullable=False, index=True),
)
Index("updates_open", updates.c.chat, updates.c.number)

replicas = Table(
    "replicas",
    meta,
    Column("owner", String(80), key="process", primary_key=True),
    Column("beat", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

reminders = Table(
    "reminders",
    meta,
    Column("chat", String(64), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("thread", BigInteger),
    Column("due", BigInteger, nullable=False, index=True),
    Column("owner", String(80), key="process", nullable=False, server_default=""),
)

counts = Table(
    "counts",
    meta,
    Column("day", String(10), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("platform", String(64), primary_key=True),
    Column("detail", String(32), primary_key=True),
    Column("leaf", String(96), primary_key=True),
    Column("way", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
)

phrases = Table(
    "phrases",
    meta,
    Column("text", String(400), primary_key=True),
    Column("topic", String(64), primary_key=True),
    Column("day", String(10), nullable=False),  # the last one
    Column("number", Integer, nullable=False),
    Column("mark", String(40), nullable=False, server_default=""),
)
