"""What the domain asks of the world, as small Protocols; the suites that any adapter must pass are in contracts."""
