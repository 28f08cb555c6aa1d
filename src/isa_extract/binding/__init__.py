"""Mentions become findings: which study, whose arm, which endpoint, at what time."""
