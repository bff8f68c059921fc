"""`python -m legacy_gan`: the same program as the `legacy-gan` command."""

import sys

from legacy_gan.cli import main

if __name__ == "__main__":
    sys.exit(main())
