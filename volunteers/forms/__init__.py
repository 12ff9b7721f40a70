"""Forms of the public pages; one module for each topic."""
