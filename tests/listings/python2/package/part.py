import beside


def half(n):
    print "part", beside.NAME, n / 2
    return n / 2
