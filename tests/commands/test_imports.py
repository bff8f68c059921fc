"""Who may import whom in legacy_gan: no circles, and one module that opens network connections."""

import ast

import pytest

from tests.support import import_graph

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]

# Who may import which module that can open a connection.
NETWORK = {
    "legacy_gan.data.download": {"urllib.error", "urllib.request"},
    "legacy_gan.extras.tensorboard": {"socket"},  # for the name of this machine, see below
}
ROOTS = (
    "aiohttp asyncio ftplib http httpx poplib requests smtplib socket socketserver ssl telnetlib urllib urllib3 xmlrpc"
)
CALLS = "create_connection get_file urlopen urlretrieve"  # also Keras' own download


@pytest.fixture(scope="module")
def texts():
    found = import_graph.sources()
    assert len(found) > 60 and "legacy_gan.data.download" in found and "legacy_gan" in found
    return found


def test_no_modules_import_each_other(texts):
    edges = import_graph.graph(texts)
    assert "legacy_gan.data.reader" in edges["legacy_gan.input_data"]  # at the top
    assert "legacy_gan.data.picture_folder" in edges["legacy_gan.data.sources"]  # in a function
    assert import_graph.cycles(edges) == set()


def test_data_needs_nothing_else_of_this_package_but_errors(texts):
    edges = import_graph.graph(texts)
    data = {module for module in texts if module.startswith("legacy_gan.data.")}
    others = {target for module in data for target in edges[module]} - data
    assert len(data) >= 9 and others == {"legacy_gan.errors"}


def test_only_data_download_opens_a_network_connection(texts):
    found = {}
    for module, text in texts.items():
        names = {name for name in import_graph.imported(text) if name.split(".")[0] in ROOTS.split()}
        names.discard("urllib.parse")
        if names:
            found[module] = names
    assert found == NETWORK


def test_only_data_download_calls_what_opens_one(texts):
    found = {module: import_graph.used(text) & set(CALLS.split()) for module, text in texts.items()}
    assert {module: names for module, names in found.items() if names} == {"legacy_gan.data.download": {"urlopen"}}


def test_tensorboard_asks_socket_for_the_machines_name_only(texts):
    tree = ast.parse(texts["legacy_gan.extras.tensorboard"])
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert {node.attr for node in asked if getattr(node.value, "id", "") == "socket"} == {"gethostname"}


# The rooms of docs/architecture.md, from the top: a module imports from rooms below its own, or from its own.
ROOMS = """
    __main__ | cli | commands | porting.program | legacy_gan | extras | images.generate | images.run_model | training
    | images | quiet | models | gan | losses optimizers | input_data | porting | tf1 | tf1.backend | data
    | registry | options | shared_options | option_types | console | files | translation | version | errors
"""


def room_of(module):
    """Returns the number of a module's room, from the top."""
    rooms = [row.split() for row in ROOMS.split("|")]
    name = module.partition(".")[2] or "legacy_gan"
    found = {
        number: len(room)
        for number, row in enumerate(rooms)
        for room in row
        if name == room or name.startswith(room + ".")
    }
    assert found, f"{module} is in no room of this list, nor of docs/architecture.md"
    return max(found, key=found.get)


def test_a_room_imports_from_rooms_below_it(texts):
    edges = import_graph.graph(texts)
    upward = {(m, target) for m in edges for target in edges[m] if room_of(target) < room_of(m)}
    assert upward == {
        ("legacy_gan.training.execute", "legacy_gan.extras.tensorboard"),  # loaded where --tensorboard asks for it
        ("legacy_gan.training.execute", "legacy_gan.images.run_model"),  # answers from a complete run
    }


@pytest.mark.parametrize(
    "package, rooms",
    [
        ("tensorflow", ["tf1.", "porting.program."]),
        ("matplotlib", ["images.pictures", "extras.plots", "porting.program."]),
        ("PIL", ["images.pictures", "data.picture_folder", "porting.program."]),
        ("argparse", ["commands.grammar"]),
    ],
)
def test_a_package_is_imported_in_its_rooms_only(package, rooms, texts):
    importing = {
        module.partition(".")[2]
        for module, text in texts.items()
        if any(name.split(".")[0] == package for name in import_graph.imported(text))
    }
    assert importing
    assert not [module for module in importing if not (module + ".").startswith(tuple(rooms))]


# The graph itself, of packages that are not there.


@pytest.mark.parametrize(
    "texts, wanted",
    [
        ({"p": "", "p.a": "import p.b", "p.b": "from os import path"}, []),
        ({"p.a": "import p.b", "p.b": "def f():\n    import p.a"}, ["p.a p.b"]),
        ({"p.a": "from p import b", "p.b": "from p.a import name"}, ["p.a p.b"]),
        ({"p.a": "from p import b, c", "p.b": "import p.c", "p.c": "class C:\n    from p import a"}, ["p.a p.b p.c"]),
        ({"p": "from p import a", "p.a": "from p import __version__"}, ["p p.a"]),
        ({"p": "from p import a", "p.a": "import p.b", "p.b": ""}, []),
        ({"p.a": "import importlib\nimportlib.import_module('p.b')", "p.b": "import p.a"}, ["p.a p.b"]),
        ({"p.a": "import p.b", "p.b": "import p.c", "p.c": "import p.b"}, ["p.b p.c"]),
        (
            {"p.a": "import p.b", "p.b": "import p.a", "p.c": "import p.d, p.a", "p.d": "import p.c"},
            ["p.a p.b", "p.c p.d"],
        ),
    ],
)
def test_cycles_are_found(texts, wanted):
    found = import_graph.cycles(import_graph.graph(texts))
    assert sorted(" ".join(sorted(group)) for group in found) == wanted
