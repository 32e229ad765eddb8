"""What a student does with her applications."""
