"""Telegram: updates in, calls out. It knows no topic and no service; the core does."""
