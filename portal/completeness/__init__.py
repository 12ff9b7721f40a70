"""„Wie vollständig ist das Verzeichnis?“: what entries lack, where, and what the city counted."""
