"""Mails, one module for each topic, one purpose each. The text is the source; ``finishing`` adds the HTML."""
