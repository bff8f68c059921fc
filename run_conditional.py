"""The book's listing 2, the conditional GAN: python run_conditional.py --digit 5 (see --help)."""

import sys

from legacy_gan.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", "conditional"] + sys.argv[1:], prog="run_conditional.py"))
