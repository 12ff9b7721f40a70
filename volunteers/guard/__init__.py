"""Protection against bots and attackers: rate limits, form checks, constant answer times, the security log."""
