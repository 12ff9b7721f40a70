"""Public pages of people who help and of people who look for help: one module a topic."""
