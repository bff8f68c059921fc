# Python 2: what its statements, operators, builtins and modules mean. Python 2.7 itself prints tests/golden/python2.
import ConfigParser, Queue, StringIO, cPickle, commands, copy, itertools, math, md5, operator, os, random, string, sys, types
import urllib, urllib2, urlparse
from cStringIO import StringIO as Buffer
from package import part
import package.future


class Order:
    __metaclass__ = type

    def __init__(self, n):
        self.n = n

    def __cmp__(self, other):
        return cmp(self.n, other.n)

    def __nonzero__(self):
        return self.n > 1

    def __div__(self, other):
        return "divided by", other

    def swap(self, (a, b), c=1):
        return b, a, c


class Count(object):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def next(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n

    def __eq__(self, other):
        return self.n == other.n


print "division", 7 / 2, -7 / 2, 7 / 2.0, 7 // 2, 1 / 2 * 3, divmod(-7, 2), 10L / 4, True / 2
x = 7
x /= 2
values = [9, 8.0]
values[0] /= 2
values[1] /= 3
print x, values[0], "%.3f" % values[1], Order(3) / 4
print package.future.half(7) + part.half(7)
if x <> 2 and not x == 2: print `x`, `"text"`, 0777, 0x1F, 0L
print "lists", map(None, [1, 2], [3]), map(lambda a: a + 1, range(3)), filter(None, "a b"), filter(lambda a: a > 1, (1, 2, 3)), zip("ab", [1, 2])
d = {1: 2}
print d.keys()[0], d.values() + d.items(), d.has_key(1), d.has_key(2), sorted(d.iteritems()), list(d.iterkeys()), list(d.viewvalues())
print "order", sorted([3, None, "a", 2.5, (1,), [0], "B", {}]), None < 0, "a" > 10 ** 9, [1, "a"] > [1, 2], max(1, None, "z", 5), min([3, None]), cmp(2, 1), cmp("a", "b")
names = ["b", "C", "a"]
names.sort(lambda a, b: cmp(a.lower(), b.lower()))
print names, sorted(names, cmp=lambda a, b: -cmp(a, b)), sorted([5, None], reverse=True), 1 < x < 5
names.sort(key=string.lower, reverse=True)
print names
print "objects", Order(1) < Order(2), Order(2) == Order(2), bool(Order(1)), bool(Order(2)), Order(1).swap((1, 2)), list(Count(3)), Count(2).next(), len(set([Count(1)]))
print "text", isinstance("a", basestring), isinstance(u"a", unicode), unicode("a"), ur"a\d" == u"a\\d", unichr(65), u"a".encode("utf-8"), "a".decode("utf-8"), "61".decode("hex"), "ab".encode("base64").strip(), raw_input is not None, str(1.5)
print "numbers", round(2.5), round(-0.5), round(2.675, 2), round(0.15, 1), round(1234.5, -2), math.floor(2.7), math.ceil(7 / 2) / 2, long(3.7), isinstance(3, (int, long)), sys.maxint > 0, 0.1 + 0.2, 1e16, 2 ** 0.5, 100.0, sum([0.1] * 3)
random.seed(3)
cards = range(10)
random.shuffle(cards)
print "random", cards, random.randint(1, 100), random.choice("abcdef"), random.sample(range(30), 4), random.randrange(5, 50, 5), "%.6f" % random.random(), "%.4f" % random.gauss(0, 1)
print "moved", string.letters[:3], string.maketrans("a", "b") is not None, string.join(["a", "b"], "-"), string.atoi("12"), list(itertools.izip("ab", itertools.imap(abs, [-1, 2]))), list(itertools.izip_longest([1], [2, 3]))
print reduce(lambda a, b: a * b, [1, 2, 3, 4]), apply(max, (1, 2)), intern("a"), callable(len), operator.isCallable(len), operator.div(7, 2), types.StringType is str, type(None) is types.NoneType
print urllib.quote("a b"), urllib.urlencode({"a": 1}), urlparse.urlparse("http://h/p").path, urllib2.Request is not None, commands.getoutput("echo hi"), md5.new("a").hexdigest(), md5.md5("b").hexdigest()[:4]
queue = Queue.Queue()
queue.put(1)
print queue.get(), cPickle.loads(cPickle.dumps({"a": [1, 2]})), os.getcwdu() == os.getcwd()
with open("kept.pkl", "w") as f:
    cPickle.dump(("a", 1), f)
print cPickle.load(open("kept.pkl")), pickle.load(open("kept.pkl", "rb")) if "pickle" in globals() else "no pickle"
f = file("kept.txt", "wb")
f.write("one\ntwo\n")
f.close()
print open("kept.txt").read().split(), open("kept.txt", "rU").next().strip(), [line for line in open("kept.txt", "rb")][0] == "one\n"
buffered = StringIO.StringIO()
print >>buffered, "into", 1, 2,
print >>buffered
print >>buffered, "done"
print buffered.getvalue().split("\n"), Buffer("a\nb").readlines()
try:
    raise ValueError, "old"
except (ValueError, TypeError), e:
    print "caught", e, e.message if hasattr(e, "message") else "old"
try:
    raise KeyError("k"), None, sys.exc_info()[2]
except KeyError, (e):
    print e, type(e).__name__
exec "z = 7 / 2"
scope = {"a": 9}
exec "b = a / 2; print 'inside', b" in scope
print z, scope["b"], eval("a / 4", {"a": 9}), (lambda (a, b): a - b)((3, 1))
execfile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "package", "executed.txt"))
if True:
	print "tabs",
        print "and spaces"
def text():
	'''	a tab stays	'''
print repr(text.__doc__), text.func_name, Order.swap.im_func is not None if hasattr(Order.swap, "im_func") else True
total = 0
for i in xrange(5):
    total += i * 3 / 2
    if i % 2: continue
    print "%d %s" % (i, total),
print
print("one", "tuple")
print("one")
print ("a"), ("b")
assert isinstance(range(3), list) and range(3)[1:] == [1, 2]
