from __future__ import absolute_import, division, print_function


def half(n):
    print("future", n / 2, end=";\n")
    return n / 2
