"""Running the portal: whether it is well, and what it says when it is not."""
