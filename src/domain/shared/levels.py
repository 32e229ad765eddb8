"""Levels of learning, from the lowest to the highest, as profiles and requirements name them."""

LEVELS = ("ssc", "hsc", "diploma", "bachelor", "master", "doctorate")

STUDY_LEVELS = ("bachelor", "master", "doctorate", "diploma", "other")
"""What programmes lead to, as targets, requirements and rules name it."""
