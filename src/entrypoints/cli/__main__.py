"""Lets the command line be run as ``python -m higherstudy.entrypoints.cli``."""

import sys

from .main import main

sys.exit(main())
