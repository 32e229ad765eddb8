"""The commands about one's own data, and about that of others for administrators."""
