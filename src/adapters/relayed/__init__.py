"""Ports over other ports: what two adapters that know nothing of one another do together."""
