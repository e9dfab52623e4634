"""What the editors' commands share. Knows the book and its replies; no channel."""
