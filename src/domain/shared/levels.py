"""Levels of learning, from the lowest to the highest, as profiles and requirements name them."""

LEVELS = ("ssc", "hsc", "diploma", "bachelor", "master", "doctorate")
