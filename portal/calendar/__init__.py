"""The public calendar: events as list and by month, as a subscription and as a printed half-year programme."""
