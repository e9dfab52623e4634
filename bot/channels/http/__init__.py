"""The HTTP channel: questions and conversations as JSON, for other programs."""
