"""Public pages for people who help and people who look for help; one module for each topic."""
