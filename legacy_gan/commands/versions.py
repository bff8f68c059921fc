"""What --version prints: the versions of everything, without loading any of it."""

import platform
import sys

from legacy_gan.version import __version__

_PACKAGES = ("tensorflow", "numpy", "matplotlib", "tqdm", "mlxtend")


def versions() -> str:
    """Returns a line for the package, Python and each package that it may use."""
    if sys.version_info >= (3, 8):
        from importlib.metadata import PackageNotFoundError, version
    else:
        from pkg_resources import DistributionNotFound as PackageNotFoundError, get_distribution

        def version(name):
            return get_distribution(name).version

    lines = [f"legacy_gan {__version__}", f"python {platform.python_version()}"]
    for package in _PACKAGES:
        names = [package]
        if package == "tensorflow":  # it comes under several names
            names += ["tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly"]
        for name in names:
            try:
                lines.append(f"{name} {version(name)}")
                break
            except PackageNotFoundError:
                continue
        else:
            lines.append(f"{package} not installed")
    return "\n".join(lines)
