"""Keeps files in a bucket of any store that speaks S3, and lets clients reach it directly."""
