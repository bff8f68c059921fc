"""The version of the package, for itself and for setup.py."""

__version__ = "0.1.0"
