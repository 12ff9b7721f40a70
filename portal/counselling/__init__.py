"""„Beratung“: people and organisations ask a department of the city for a talk, and write with it."""
