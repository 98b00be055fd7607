"""Simulations in which the truth is known: how often the numbers of ``reviewer.measure`` are right."""
