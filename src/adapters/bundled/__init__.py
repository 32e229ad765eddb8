"""What ships with the project: rule packs, a small catalogue, and the sentences for codes."""
