"""Companies and foundations offer something; organisations say what they need."""
