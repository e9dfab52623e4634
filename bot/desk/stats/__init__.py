"""What was asked and what helped: sums, tables and a picture."""
