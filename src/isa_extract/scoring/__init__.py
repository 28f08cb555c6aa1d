"""Scores of an evidence table against a gold table, and of two gold tables against each other."""
