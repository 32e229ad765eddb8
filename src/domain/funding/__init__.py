"""Proof of money: how much a country wants to see, by which dated facts."""
