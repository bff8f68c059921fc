"""Servers on this machine that give MNIST's files, or fail in every way that a mirror may."""

import gzip
import http.server
import threading

from legacy_gan.data import download
from tests.support.small_sets import PAGE, flipped


class Mirror(http.server.ThreadingHTTPServer):
    """Serves files, or at `faulty` names answers with a fault; remembers what was asked for."""

    def __init__(self, files, fault, faulty):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.fault, self.faulty = files, fault, faulty
        self.requests = []
        self.closing = threading.Event()
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}/mnist/"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[len("/mnist/") : -len(".gz")]
        assert self.path == "/mnist/" + name + ".gz"
        self.server.requests.append(name)
        fault = self.server.fault if name in self.server.faulty else None
        data = self.server.files[name]
        (fault or Handler.answer)(self, data)

    def answer(self, data, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *args):
        pass


def hang(handler, data):
    handler.server.closing.wait(300)


def stall(handler, data):
    handler.answer(data[:20], length=len(data))
    handler.server.closing.wait(300)


def other_digits(handler, data):
    unpacked = gzip.decompress(data)
    handler.answer(gzip.compress(flipped(unpacked, -1 if len(unpacked) > 100 else 7)))


# (what a mirror may do, what the message then says)
FAULTS = {
    "404": (lambda handler, data: handler.answer(b"", 404), "Not Found"),
    "503": (lambda handler, data: handler.answer(PAGE, 503), "Service Unavailable"),
    "a web page": (lambda handler, data: handler.answer(PAGE), "{name}.gz has the wrong MD5 (a web page)"),
    "half a body": (lambda handler, data: handler.answer(data[: len(data) // 2], length=len(data)), "{name}"),
    "half a file": (lambda handler, data: handler.answer(data[: len(data) // 2]), "{name}.gz has the wrong MD5"),
    "an empty file": (lambda handler, data: handler.answer(b""), "{name}.gz has the wrong MD5"),
    "other digits": (other_digits, "{name}.gz has the wrong MD5"),
    "no answer": (hang, "no answer in 0.5 seconds"),
    "a stall": (stall, "timed out"),
    "a hang-up": (lambda handler, data: None, "Remote end closed connection without response"),
    "no HTTP": (lambda handler, data: handler.wfile.write(b"220 ftp ready\r\n"), "220 ftp ready"),
}


def start_mirror(files, fault, faulty, monkeypatch):
    """Starts a mirror. Only its slow answers get a short time-out: this machine may be busy."""
    one = Mirror(files, fault, faulty)
    slow = [one.url + name + ".gz" for name in faulty]
    open_url = download._open

    def open_with_patience(url):
        if url in slow and fault in (hang, stall):
            patience = {hang: "CONNECT_SECONDS", stall: "STALL_SECONDS"}[fault]
            with monkeypatch.context() as patch:
                patch.setattr(download, patience, 0.5)
                return open_url(url)
        return open_url(url)

    monkeypatch.setattr(download, "_open", open_with_patience)
    return one
