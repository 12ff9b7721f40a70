"""The newsletter: who gets it, its issues, and how they go out."""
