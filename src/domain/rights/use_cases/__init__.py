"""What students do with their rights, and what is done about them in the background."""
