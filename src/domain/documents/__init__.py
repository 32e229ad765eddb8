"""A student's papers: versions that never change, and whether each can be used on the day it is needed. Deep."""
