"""What the public pages ask for: one module a topic."""
