"""What a student does with her plans."""
