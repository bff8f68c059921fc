"""The book's listing 1, the basic GAN: python run_basic.py (--help lists the flags)."""

import sys

from legacy_gan.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", "basic"] + sys.argv[1:], prog="run_basic.py"))
