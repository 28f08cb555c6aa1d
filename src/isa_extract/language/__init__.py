"""From a paper's blocks to sentences: folding, language, sentence ends, tokens."""
