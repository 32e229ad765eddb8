"""What a student does with her papers, and what becomes of the files that come in for them."""
