"""Repositories that were looked at and have no row: (repository, why)."""

__all__ = ["NOT_HAD"]

NOT_HAD = ()
