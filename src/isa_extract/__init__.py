"""Reads clinical review papers and writes a traceable table of trial evidence."""
