"""Makes tests/golden/listings: what each program of the corpus prints on the TensorFlow it is for.

    TF1=python-with-tf-1.15.5 TF0=python-with-tf-0.12.1 python -m tests.support.make_corpus_goldens [NAME ...]

Programs named old_* run on TF 0.12.1 (Python 2.7), all others on TF 1.15.5 (Python 3.7), plain, on one core.
SCIPY names a folder with scipy 1.1.0 for TF 1.15.5: the last that has scipy.misc.imsave. TF0 and TF1 may be
commands with arguments.

NAME.txt is the output. made.json says for each program the versions, and its `drift`: how far its numbers
move, at most, in DRAWS runs on two cores in which every float that NumPy draws (weights and feeds) is off by
up to corpus_children.PERTURBATION, relative, at random. The tests' tolerances are made from it.
"""

import json
import os
import shlex
import shutil
import sys
import tempfile

from tests.support import corpus

DRAWS = 2

VERSIONS = """
import sys, numpy, tensorflow
print("{} (Python {}.{}, NumPy {})".format(
    tensorflow.__version__, sys.version_info[0], sys.version_info[1], numpy.__version__))
"""


def outputs(interpreter, how, paths, folder, data, cores):
    """Runs programs as corpus_children.py says; returns their outputs, in order."""
    command = ["taskset", "-c", cores] + shlex.split(os.environ[interpreter])
    more = {}
    if interpreter == "TF1" and os.environ.get("SCIPY"):
        more["PYTHONPATH"] = os.environ["SCIPY"]
    return corpus.run_all(command, how, paths, folder, data, **more)


def main(names):
    """Makes the goldens of the programs that are named, or of all."""
    made_json = os.path.join(corpus.GOLDEN, "made.json")
    entries = {}
    if os.path.exists(made_json):
        with open(made_json) as f:
            entries = json.load(f)
    elif not os.path.isdir(corpus.GOLDEN):
        os.makedirs(corpus.GOLDEN)
    folder = tempfile.mkdtemp()
    data = corpus.make_data(os.path.join(folder, "data"))
    for interpreter in ("TF0", "TF1"):
        paths = {
            name: path
            for name, path in corpus.programs().items()
            if corpus.is_old(name) == (interpreter == "TF0") and (not names or name in names)
        }
        if not paths:
            continue
        status, versions, err = corpus.run(shlex.split(os.environ[interpreter]) + ["-c", VERSIONS], folder)
        if status:
            raise SystemExit(err)
        plain = outputs(interpreter, "plain", paths, os.path.join(folder, interpreter), data, "0")
        for name, (status, text, err) in plain.items():
            if status:
                print(f"FAILED {name}: {status}\n{err}")
                del paths[name]
                continue
            with open(os.path.join(corpus.GOLDEN, name + ".txt"), "wb") as f:
                f.write(("\n".join(corpus.lines_of(text)) + "\n").encode("utf-8"))
            entries[name] = {"tensorflow": versions.strip(), "drift": 0.0}
        for seed in range(DRAWS):
            below = os.path.join(folder, interpreter + str(seed))
            moved = outputs(interpreter, str(seed), paths, below, data, "0,1")
            for name, (status, text, err) in moved.items():
                found, off = corpus.differences(text, plain[name][1], 0.0)
                if status or off == float("inf"):
                    print(f"FAILED {name}: {status} words change with rounding: {found}\n{err}")
                    entries[name]["drift"] = None
                elif entries[name]["drift"] is not None:
                    entries[name]["drift"] = max(entries[name]["drift"], float(f"{off:.2g}"))
    shutil.rmtree(folder)
    with open(made_json, "w") as f:
        json.dump(entries, f, indent=1, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
