"""Findings as rows: the tables that others read."""
