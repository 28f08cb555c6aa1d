"""The rulebook: patterns and lexicons as data, and what loads, checks and compiles them."""
