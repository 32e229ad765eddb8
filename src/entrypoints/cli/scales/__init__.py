"""What a grade or a test result comes to elsewhere."""
