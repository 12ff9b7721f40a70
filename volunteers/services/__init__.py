"""What changes state across rows, locks or notifies: one module a topic."""
