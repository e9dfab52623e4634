"""Parse and session → turn: what a message is about, and where that leads."""
