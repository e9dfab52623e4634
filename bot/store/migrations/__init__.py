"""How the tables came to be; Alembic reads this folder."""
