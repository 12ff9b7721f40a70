"""What keeps programs and attackers out: limits, forms, even answers, the log of security events."""
