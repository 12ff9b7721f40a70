"""Import and export of lists of people."""
