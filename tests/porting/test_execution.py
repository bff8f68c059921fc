"""What `legacy-gan run` says of an exception of a program."""

import pytest

from legacy_gan.porting.program import execution

pytestmark = pytest.mark.newest


@pytest.mark.parametrize(
    "line,future,is_python_2",
    [
        ("print 'a'\n", [], True),
        ("print 'a'\n", ["division"], True),
        ("print 'a'\n", ["print_function"], False),  # no Python at all
        ("exec 'a'\n", ["print_function"], True),
    ],
)
def test_a_cell_is_of_python_2_under_what_the_cells_before_imported(line, future, is_python_2):
    error = SyntaxError("invalid syntax", ("book.ipynb, cell 2", 1, 1, line))
    assert bool(execution._hint(error, future)) is is_python_2
