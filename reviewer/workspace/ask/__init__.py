"""What a screen, a command or ``measure`` reads: one module a question."""
