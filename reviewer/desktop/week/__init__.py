"""New week: choose a period and a plan, see what it buys, and draw."""
