"""What the door says of a symbol that it does not serve."""


class NotServed(AttributeError):
    """A symbol of TensorFlow 1 that is not served, and what to use instead.

    Args:
      symbol: str, its full name, as "tf.contrib.learn.DNNClassifier".
      instead: str, what to use instead.
    """

    status = 2  # the programs' exit status

    def __init__(self, symbol, instead):
        super().__init__(f"{symbol} is not served; {instead}")
        self.symbol, self.instead = symbol, instead


class CannotImport(ImportError):
    """The same where an import statement asks for it, so that `except ImportError` catches it."""

    status = 2

    def __init__(self, symbol, instead):
        super().__init__(f"{symbol} is not served; {instead}")
        self.symbol, self.instead = symbol, instead
