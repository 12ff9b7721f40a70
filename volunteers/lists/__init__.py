"""Import and export of people: lists, the rows they are made of, and taking them in."""
