"""What any adapter must do, as suites to inherit: override the fixtures, and pytest runs the tests against yours.

Needs the extra ``contracts``. Assertions in the suites explain themselves as in ordinary test files.
"""

import pkgutil

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{suite.name}" for suite in pkgutil.iter_modules(__path__)))
