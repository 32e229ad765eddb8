"""Every setting of the server: its variable, its meaning, its default; read once from the environment.

Each section is a module; a new setting is one field of it, and shows up in ``higherstudy settings`` by itself.
"""

from .every import Settings
from .reading import Described, WrongSettings, described, read_settings

__all__ = ["Described", "Settings", "WrongSettings", "described", "read_settings"]
