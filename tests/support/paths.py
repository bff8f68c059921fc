"""Where the tests' data lie."""

import os

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
DOCS = os.path.join(ROOT, "docs")
GOLDEN = os.path.join(TESTS, "golden")
LISTINGS = os.path.join(TESTS, "listings")
