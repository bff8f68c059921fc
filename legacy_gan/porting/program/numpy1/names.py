"""The numpy that a program imports: NumPy with the names and arguments that it had with TensorFlow 1 (1.18).

Only the program's own import statements find it; everybody else in the process has NumPy as it is installed.
"""

import ast
import builtins
import importlib
import inspect
import math
import pickle
import sys
import types
import warnings
from typing import Any, Dict, Optional

import numpy as np

from legacy_gan.porting.program.numpy1 import arithmetic, functions

__all__ = ["FORMER_MODULES", "REMOVED", "imported", "module"]

# Submodules that NumPy renamed or emptied; what they named is NumPy's own.
FORMER_MODULES = frozenset(
    f"numpy.{name}"
    for names in (
        "compat compat.py3k core fft fft.fftpack fft.helper lib linalg linalg.linalg matrixlib matrixlib.defmatrix",
        "testing testing.decorators testing.utils",
        *(
            " ".join(f"{package}.{name}" for name in modules.split())
            for package, modules in (
                ("core", "arrayprint defchararray einsumfunc fromnumeric function_base getlimits multiarray numeric"),
                ("core", "numerictypes records shape_base umath umath_tests"),
                ("lib", "arraypad arraysetops function_base histograms index_tricks nanfunctions npyio polynomial"),
                ("lib", "scimath shape_base stride_tricks twodim_base type_check ufunclike utils"),
            )
        ),
    )
    for name in names.split()
)


def imported(name: str, fromlist: Any) -> Any:
    """Returns what `import name` or `from name import ...` finds for a name of NumPy.

    Raises:
      ImportError: if there never was such a module.
    """
    if name not in FORMER_MODULES:
        builtins.__import__(name)
    found = module()
    if not fromlist:
        return found
    return _former(name) if name in FORMER_MODULES else found if name == "numpy" else None


def module() -> types.ModuleType:
    """Returns the program's numpy."""
    mine = vars(_numpy)
    if "array" not in mine:
        mine.update(vars(functions.everything()), __name__="numpy", __doc__=np.__doc__)
        mine.update(REMOVED if arithmetic.HAS_NEP50 or not hasattr(np, "float") else {})
        removed_from_all = [name for name in REMOVED if not hasattr(builtins, name) and not name.startswith("_")]
        mine["__all__"] = sorted(set(np.__all__) | set(removed_from_all))
        mine.update({name.split(".")[1]: _former(name) for name in FORMER_MODULES if name.count(".") == 1})
        for name in ("__spec__", "__loader__", "__package__"):
            mine.pop(name, None)
    for name, value in vars(np).items():  # again every time: a submodule comes with its import
        mine.setdefault(name, value)
    return _numpy


_numpy = types.ModuleType("numpy")


class _FormerModule(types.ModuleType):
    """A module that NumPy had: what is installed under its name, then whatever is NumPy's."""

    def __getattr__(self, name):
        if f"{self.__name__}.{name}" in FORMER_MODULES:
            return _former(f"{self.__name__}.{name}")
        installed = _installed(self.__name__)
        if name == "__all__":
            return getattr(installed, name, None) or [n for n in dir(installed or np) if not n.startswith("_")]
        above = self.__name__.rpartition(".")[0]
        for place in (installed, None if above == "numpy" else _former(above), module()):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                if hasattr(place, name):
                    return getattr(place, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self):
        return sorted(set(vars(self)) | set(dir(_installed(self.__name__) or np)))


_modules: Dict[str, types.ModuleType] = {}


def _former(name):
    if name not in _modules:
        _modules[name] = _FormerModule(name)
        vars(_modules[name]).update(functions.OF_MODULES.get(name, {}))
    return _modules[name]


def _installed(name) -> Optional[types.ModuleType]:
    if name in functions.OF_MODULES and name not in functions.ON_INSTALLED:
        return None
    if name not in sys.modules:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                importlib.import_module(name)
        except ImportError:
            return None
    return sys.modules[name]


# What a name of NumPy was at last; the types of Python among them until 1.23.


class _Cast:
    """np.cast[np.float32](x)"""

    def __getitem__(self, dtype):
        return lambda x: np.asarray(x).astype(np.dtype(dtype))


def _obj2sctype(rep, default=None):
    if isinstance(rep, type) and issubclass(rep, np.generic):
        return rep
    try:
        return np.dtype(rep.dtype if isinstance(rep, np.ndarray) else rep).type
    except TypeError:
        return default


def _find_common_type(array_types, scalar_types):
    """The common type of arrays and scalars; a scalar's counts only if its kind is above the arrays'."""
    arrays, scalars = [[np.dtype(x) for x in kinds] for kinds in (array_types, scalar_types)]
    array = np.result_type(*arrays) if arrays else None
    scalar = np.result_type(*scalars) if scalars else None
    if array is None or scalar is None:
        return array if scalar is None else scalar
    order = "biufc"
    above = order.find(scalar.kind.replace("u", "i")) > order.find(array.kind.replace("u", "i"))
    return scalar if above else array


def _maximum_sctype(t):
    kind = np.dtype(_obj2sctype(t)).kind
    largest = dict(i=np.int64, u=np.uint64, f=np.longdouble, c=np.clongdouble)
    return largest.get(kind, _obj2sctype(t))


def deprecate(*args, **_):
    """The decorator, which warned of functions: of no interest to who runs them."""
    return args[0] if args and callable(args[0]) else lambda function: function


def set_string_function(f, repr=True):
    np.set_printoptions(override_repr=f)


def _record(function_options):
    def read(fname, **options):
        table = np.genfromtxt(fname, **dict(function_options, dtype=None, encoding="bytes", **options))
        return table.view(np.recarray)

    return read


def _financial(name):
    def function(*args, **named):
        try:
            package = importlib.import_module("numpy_financial")
        except ImportError:
            raise ImportError(f"np.{name} went to a package of its own: pip install numpy_financial") from None
        return getattr(package, name)(*args, **named)

    return function


def _quietly(place, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(place, name, None)


def _exception(name):
    return getattr(getattr(np, "exceptions", np), name, None)


_SCTYPES = dict(
    int=[np.int8, np.int16, np.int32, np.int64],
    uint=[np.uint8, np.uint16, np.uint32, np.uint64],
    float=[np.float16, np.float32, np.float64, np.longdouble],
    complex=[np.complex64, np.complex128, np.clongdouble],
    others=[bool, object, bytes, str, np.void],
)

REMOVED: Dict[str, Any] = dict(
    CLIP=0,
    Inf=np.inf,
    Infinity=np.inf,
    MAXDIMS=32,
    NAN=np.nan,
    NINF=-np.inf,
    NZERO=-0.0,
    NaN=np.nan,
    PINF=np.inf,
    PZERO=0.0,
    RAISE=2,
    WRAP=1,
    alen=lambda a: len(np.array(a, ndmin=1)),
    alltrue=np.all,
    asfarray=lambda a, dtype=np.float64: np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64),
    asscalar=lambda a: a.item(),
    bool=bool,
    bool8=np.bool_,
    byte_bounds=lambda a: importlib.import_module("numpy.lib.array_utils").byte_bounds(a),
    bytes0=np.bytes_,
    cast=_Cast(),
    cfloat=np.complex128,
    chararray=_quietly(np.char, "chararray"),
    clongfloat=np.clongdouble,
    compare_chararrays=np.char.compare_chararrays,
    complex=complex,
    complex_=np.complex128,
    cumproduct=np.cumprod,
    deprecate=deprecate,
    deprecate_with_doc=lambda msg: deprecate,
    disp=lambda mesg, device=None, linefeed=True: print(
        mesg, file=device or sys.stdout, end="\n" if linefeed else "", flush=True
    ),
    fastCopyAndTranspose=lambda a: np.asarray(a).T.copy(),
    find_common_type=_find_common_type,
    float=float,
    float_=np.float64,
    format_parser=np.rec.format_parser,
    in1d=lambda ar1, ar2, assume_unique=False, invert=False: np.isin(
        ar1, ar2, assume_unique=assume_unique, invert=invert
    ).ravel(),
    infty=np.inf,
    int=int,
    int0=np.intp,
    issctype=lambda rep: isinstance(rep, (type, np.dtype)) and _obj2sctype(rep) not in (None, np.object_),
    issubclass_=lambda arg1, arg2: isinstance(arg1, type) and issubclass(arg1, arg2),
    issubsctype=lambda arg1, arg2: issubclass(_obj2sctype(arg1), _obj2sctype(arg2)),
    loads=pickle.loads,
    long=int,
    longcomplex=np.clongdouble,
    longfloat=np.longdouble,
    mafromtxt=lambda fname, **named: np.genfromtxt(fname, **dict(named, usemask=True)),
    mat=np.asmatrix,
    math=math,
    maximum_sctype=_maximum_sctype,
    msort=lambda a: np.sort(a, axis=0),
    nbytes={kind: np.dtype(kind).itemsize for kinds in _SCTYPES.values() for kind in kinds},
    ndfromtxt=lambda fname, **named: np.genfromtxt(fname, **dict(named, usemask=False)),
    obj2sctype=_obj2sctype,
    object=object,
    object0=np.object_,
    product=np.prod,
    recfromcsv=_record(dict(names=True, delimiter=",", case_sensitive="lower")),
    recfromtxt=_record({}),
    round_=np.round,
    row_stack=functions.replacement("vstack"),
    safe_eval=ast.literal_eval,
    sctype2char=lambda sctype: np.dtype(_obj2sctype(sctype)).char,
    sctypes=_SCTYPES,
    set_string_function=set_string_function,
    singlecomplex=np.complex64,
    sometrue=np.any,
    source=lambda object, output=sys.stdout: print(inspect.getsource(object), file=output),
    str=str,
    str0=np.str_,
    string_=np.bytes_,
    sys=sys,
    trapz=lambda *args, **named: getattr(np, "trapezoid", None or getattr(np, "trapz", None))(*args, **named),
    typeDict=np.sctypeDict,
    uint0=np.uintp,
    unicode=str,
    unicode_=np.str_,
    void0=np.void,
    warnings=warnings,
    **{name: _financial(name) for name in "fv ipmt irr mirr nper npv pmt ppmt pv rate".split()},
)
REMOVED.update(
    (name, _exception(name))
    for name in ("AxisError", "ComplexWarning", "RankWarning", "TooHardError", "VisibleDeprecationWarning")
    if _exception(name)
)
