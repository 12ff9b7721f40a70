"""The directory of organisations: those that were entered twice are found and merged."""
