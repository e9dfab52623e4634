"""Takeback: a chat assistant for taking back a sent message."""

import os

__version__ = "0.1.0"

# Before numpy is imported: its threads spin, and a small model is slower with them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
