"""What is read in several places: nothing here changes, locks or mails anything."""
