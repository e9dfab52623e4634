"""The pure part: no clock, no file, no network, no await."""
