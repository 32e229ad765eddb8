"""Archives of what an installation keeps: one tar file, with the SHA-256 of each of its members."""
