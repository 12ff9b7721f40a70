"""Who may do what: the table, the answer to has_perm, and the page that shows it in words."""
