"""Operation of the portal: the health check, and the answers when the database has a problem."""
