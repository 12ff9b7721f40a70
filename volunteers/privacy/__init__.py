"""What the portal knows about people: why, on which ground, for whom to see and how long."""
