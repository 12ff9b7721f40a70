"""Whether the websites that entries name still answer."""
