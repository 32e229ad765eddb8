"""Saying things to people, bringing them there, and hearing whether they came."""
