"""Phrases that were not understood: bunched, tried, and put into the knowledge."""
