"""The parts that processes are made of: each is chosen by the settings, opened, and closed at the end of its block."""
