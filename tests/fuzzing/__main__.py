"""``python -m fuzzing``: ask until there were so many requests, print what was asked, and fail where anything is wrong."""
