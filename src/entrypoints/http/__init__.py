"""The REST interface: routes, wire formats, and what every answer has in common."""
