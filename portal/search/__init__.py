"""Search: understanding what somebody asks, and finding the entries that answer most of it."""
