"""What operators learn of use: counts, and phrases without what is a person's own."""
