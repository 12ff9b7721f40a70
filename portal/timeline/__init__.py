"""The timeline of an organisation, from what all rooms of the portal know of it."""
