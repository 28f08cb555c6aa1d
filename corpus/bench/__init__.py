"""A bench of test papers: our own source texts, typeset in many layouts, with the source as truth."""
