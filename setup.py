"""Publish ``src`` under the import name ``higherstudy``."""

from setuptools import find_packages, setup

setup(
    packages=["higherstudy", *(f"higherstudy.{name}" for name in find_packages("src"))],
    package_dir={"higherstudy": "src"},
)
