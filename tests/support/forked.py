"""Commands in processes of their own, without the seconds that TensorFlow takes to load.

A server loads TensorFlow once; each command is a fork of it, which goes on as `python -m legacy_gan` does, until
the interpreter would take its modules apart (a second for those of TensorFlow). POSIX only. What a command prints
while TensorFlow is loaded is not seen here: tests/commands/test_cli.py starts whole processes for that.
"""

import array
import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import traceback

from tests.support import environment


class Process:
    """A command that was started: as much of subprocess.Popen as the tests need, its streams being text."""

    def __init__(self, server, pid, out, err):
        self._server, self.pid, self.returncode = server, pid, None
        self.stdout, self.stderr = (os.fdopen(fd, "r", encoding="utf-8") for fd in (out, err))

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        """Ends it at once, if it has not ended."""
        if self.returncode is None:
            self.send_signal(signal.SIGKILL)

    def communicate(self, timeout=300):
        """Waits for the end; returns (out, err), what was not read yet. err is read last: it must fit a pipe.

        Kills it when the timeout, in seconds, is over.
        """
        killer = threading.Timer(timeout, self.kill)
        killer.start()
        try:
            texts = tuple("" if stream.closed else stream.read() for stream in (self.stdout, self.stderr))
        finally:
            killer.cancel()
        self.wait()
        return texts

    def wait(self):
        """Returns the exit status, negative for a signal."""
        if self.returncode is None:
            self.returncode = self._server.ask({"wait": self.pid})
        for stream in (self.stdout, self.stderr):
            stream.close()
        return self.returncode


class Server:
    """The process that has TensorFlow loaded."""

    def __init__(self):
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.support.forked", str(other.fileno())],
            pass_fds=[other.fileno()],
            env=environment.child(PYTHONIOENCODING="utf-8", MPLBACKEND="agg", PYTHONHASHSEED="0"),
        )
        other.close()

    def ask(self, request, fds=()):
        passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self._socket.sendmsg([json.dumps(request).encode()], passed)
        return json.loads(self._socket.recv(100).decode())

    def start(self, *argv, folder=None, **variables):
        """Starts `python -m legacy_gan ARGV` in a folder, or here, with more environment variables; returns a Process.

        A variable that is None is taken out.
        """
        streams = [os.pipe(), os.pipe()]
        request = {
            "argv": [str(part) for part in argv],
            "folder": os.path.abspath(folder or "."),
            "environment": {
                name: value
                for name, value in environment.child(**dict({"MPLBACKEND": "agg"}, **variables)).items()
                if value is not None
            },
        }
        pid = self.ask(request, [write for _, write in streams])
        for _, write in streams:
            os.close(write)
        return Process(self, pid, streams[0][0], streams[1][0])

    def run(self, *argv, folder=None, **variables):
        """Carries a command out; returns (status, out, err)."""
        process = self.start(*argv, folder=folder, **variables)
        out, err = process.communicate()
        return process.returncode, out, err

    def close(self):
        self._socket.close()
        self._process.wait()


def _serve(connection):
    """Answers requests; returns, in a child, what it is to carry out."""
    while True:
        data, ancillary, _, _ = connection.recvmsg(1 << 20, socket.CMSG_LEN(2 * array.array("i").itemsize))
        if not data:
            os._exit(0)
        request = json.loads(data.decode())
        if "wait" in request:
            status = os.waitpid(request["wait"], 0)[1]
            answer = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        else:
            fds = array.array("i")
            for _, _, given in ancillary:
                fds.frombytes(given)
            answer = os.fork()
            if not answer:
                connection.close()
                for stream, fd in enumerate(fds, 1):
                    os.dup2(fd, stream)
                    os.close(fd)
                return request
            for fd in fds:
                os.close(fd)
        connection.send(json.dumps(answer).encode())


def main(fd):
    import legacy_gan.porting.program.runner  # noqa: F401  TensorFlow, once
    import legacy_gan.training.loop  # noqa: F401

    request = _serve(socket.socket(fileno=fd))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's would be ignored
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv[1:] = request["argv"]
    _end(_status_of_the_program())


def _status_of_the_program():
    """Runs `python -m legacy_gan`; returns its exit status."""
    try:
        runpy.run_module("legacy_gan", run_name="__main__", alter_sys=True)
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            return e.code or 0
        print(e.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end(status):
    """Ends as the interpreter does: waits for threads, calls what is registered, flushes."""
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = 120
    os._exit(status)


if __name__ == "__main__":
    main(int(sys.argv[1]))
