"""Takeback: a chat assistant for taking back a sent message."""
