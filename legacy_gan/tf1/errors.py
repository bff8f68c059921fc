"""The errors of `from legacy_gan.tf1 import tf`, under the name that programs may catch them by."""

from legacy_gan.errors import CannotImport, NotServed

__all__ = ["CannotImport", "NotServed"]
