"""What people are told of, and how often. Shallow so far: a mail follows from an event."""
