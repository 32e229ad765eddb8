"""Dated, sourced facts and declarative definitions, as packs. Deep: a figure that is wrong costs a student a year."""
