"""Personal data: for which purpose, on which legal basis, who sees it, how long it is kept."""
