"""Everything that changes several rows, takes locks or sends mail; one module for each topic."""
