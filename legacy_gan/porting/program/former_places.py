"""Where SciPy and scikit-learn had their functions, and which arguments these took, with TensorFlow 1.

The reference is SciPy 1.1 to 1.7 and scikit-learn 0.2x to 1.0, the last for Python 3.7.
"""

import functools
import importlib
import inspect
import sys
from typing import Any, Callable, Dict, Tuple

import numpy as np

__all__ = ["FORMER_MODULES", "FUNCTIONS", "SERVED"]


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _later(path: str) -> Callable:
    """Returns the function of a dotted name, which is imported when it is called."""
    module, _, name = path.rpartition(".")

    def function(*args, **named):
        return getattr(_module(module), name)(*args, **named)

    function.__name__ = name
    return function


# Functions that are gone


def _simps(y, x=None, dx=1.0, axis=-1, even="avg"):
    """Simpson's rule; of an even number of points the mean of leaving the last interval, or the first, to the
    trapezoidal rule."""
    integrate = _module("scipy.integrate")
    y = np.moveaxis(np.asarray(y), axis, -1)
    x = None if x is None else np.moveaxis(np.asarray(x), axis if np.ndim(x) > 1 else -1, -1)

    def part(rule, places):
        at = {} if x is None else dict(x=x[..., places])
        return rule(y[..., places], dx=dx, axis=-1, **at)

    simpson, trapezoid = integrate.simpson, integrate.trapezoid
    if y.shape[-1] % 2:
        return part(simpson, slice(None))
    first = part(simpson, slice(None, -1)) + part(trapezoid, slice(-2, None))
    last = part(simpson, slice(1, None)) + part(trapezoid, slice(None, 2))
    return {"avg": (first + last) / 2.0, "first": first, "last": last}[even]


def _itemfreq(a):
    items, counts = np.unique(a, return_counts=True)
    return np.array([items, counts]).T


def _linear_assignment(X):
    return np.column_stack(_module("scipy.optimize").linear_sum_assignment(X))


def _mode(function):
    """scipy.stats.mode, whose results kept the axis, until 1.10."""

    @functools.wraps(function)
    def call(a, axis=0, nan_policy="propagate", **named):
        named.setdefault("keepdims", True)
        if axis is None and named["keepdims"]:
            a, axis = np.ravel(a), 0
        return function(a, axis=axis, nan_policy=nan_policy, **named)

    return call


def _with_error_estimate(estimate):
    """sqrtm(a, disp=False) and its kin return (result, estimated error), until 1.17."""

    def change(function):
        if "disp" in inspect.signature(function).parameters:
            return function

        @functools.wraps(function)
        def call(a, disp=True, *args, **named):
            named.pop("blocksize", None)
            result = function(a, *args, **named)
            return result if disp else (result, estimate(result, np.asarray(a)))

        return call

    return change


def _sqrtm_error(result, a):
    norm = np.linalg.norm
    return norm(result @ result - a, "fro") ** 2 / norm(a, "fro")


def _logm_error(result, a):
    norm = np.linalg.norm
    return norm(_module("scipy.linalg").expm(result) - a, 1) / norm(a, 1)


def _mean_squared_error(function):
    """mean_squared_error(squared=False), until 1.5."""

    @functools.wraps(function)
    def call(*args, squared=True, **named):
        result = function(*args, **named)
        return result if squared else np.sqrt(result)

    return call


# Arguments


def _arguments(renamed: Dict[str, Any] = {}, defaults: Dict[str, Any] = {}, values: Dict[str, Any] = {}):  # noqa: B006
    """Returns what gives a function its former arguments, where today's lacks them.

    Args:
      renamed: former name to today's; None for one that had no effect on results.
      defaults: former defaults of arguments that have others today.
      values: argument name to {former value: today's}; a value None takes the argument away.
    """

    def change(function):
        there = inspect.signature(function).parameters
        defaults_here = {name: value for name, value in defaults.items() if name in there}

        @functools.wraps(function)
        def call(*args, **named):
            for old, new in renamed.items():
                if old in named and old not in there:
                    value = named.pop(old)
                    if new:
                        named[new] = value
            for name, today in values.items():
                value = named.get(name)
                if isinstance(value, (str, bool)) and value in today:
                    named[name] = today[value]
                    if today[value] is None:
                        del named[name]
            given = list(there)[: len(args)]
            for name, value in defaults_here.items():
                if name not in given:
                    named.setdefault(name, value)
            return function(*args, **named)

        return call

    return change


def _tolerance(function):
    return _arguments(dict(tol="rtol", restrt="restart"))(function)


_TREE = dict(criterion={"mse": "squared_error", "mae": "absolute_error"}, max_features={"auto": None})
_NORMALIZE = dict(normalize={False: None})

# What is changed in place: module, function or class (its __init__), how.
_CHANGED: Dict[str, Dict[str, Callable]] = {
    "scipy.linalg": dict(
        eigh=_arguments(dict(eigvals="subset_by_index", turbo=None)),
        eigvalsh=_arguments(dict(eigvals="subset_by_index", turbo=None)),
        logm=_with_error_estimate(_logm_error),
        pinv=_arguments(dict(cond="rtol", rcond="rtol")),
        solve=_arguments(dict(debug=None)),
        sqrtm=_with_error_estimate(_sqrtm_error),
    ),
    "scipy.sparse.linalg": dict.fromkeys("bicg bicgstab cg cgs gmres lgmres minres qmr".split(), _tolerance),
    "scipy.stats": dict(mode=_mode),
    "sklearn.cluster": dict(
        AgglomerativeClustering=_arguments(dict(affinity="metric")),
        KMeans=_arguments(
            dict(n_jobs=None, precompute_distances=None),
            dict(n_init=10),
            dict(algorithm={"auto": "lloyd", "full": "lloyd"}),
        ),
        MiniBatchKMeans=_arguments({}, dict(n_init=3)),
    ),
    "sklearn.ensemble": dict(
        AdaBoostClassifier=_arguments(dict(base_estimator="estimator")),
        AdaBoostRegressor=_arguments(dict(base_estimator="estimator")),
        BaggingClassifier=_arguments(dict(base_estimator="estimator")),
        BaggingRegressor=_arguments(dict(base_estimator="estimator")),
        RandomForestClassifier=_arguments(values=_TREE),
        RandomForestRegressor=_arguments(values=_TREE),
    ),
    "sklearn.linear_model": dict(
        LinearRegression=_arguments(values=_NORMALIZE),
        Lasso=_arguments(values=_NORMALIZE),
        LogisticRegression=_arguments(values=dict(multi_class={"auto": None, "multinomial": None})),
        Ridge=_arguments(values=_NORMALIZE),
        SGDClassifier=_arguments(values=dict(loss={"log": "log_loss"})),
    ),
    "sklearn.manifold": dict(
        TSNE=_arguments(dict(n_iter="max_iter", square_distances=None), dict(learning_rate=200.0, init="random"))
    ),
    "sklearn.metrics": dict(
        mean_squared_error=_mean_squared_error, precision_recall_curve=_arguments(dict(probas_pred="y_score"))
    ),
    "sklearn.preprocessing": dict(OneHotEncoder=_arguments(dict(sparse="sparse_output"))),
    "sklearn.tree": dict(DecisionTreeRegressor=_arguments(values=_TREE)),
}

_WINDOWS = (
    "barthann bartlett blackman blackmanharris bohman boxcar chebwin cosine exponential flattop gaussian"
    " general_gaussian hamming hann hanning kaiser nuttall parzen triang tukey"
)


def _imputer(missing_values="NaN", strategy="mean", axis=0, verbose=0, copy=True):
    """sklearn.preprocessing.Imputer of columns."""
    if axis:
        raise ValueError("Imputer(axis=1): transpose the table, and use SimpleImputer")
    missing = np.nan if missing_values == "NaN" else missing_values
    return _module("sklearn.impute").SimpleImputer(missing_values=missing, strategy=strategy, copy=copy)


# What is added: module, name, what it is.
_ADDED: Dict[str, Dict[str, Any]] = {
    "scipy.integrate": dict(
        cumtrapz=_later("scipy.integrate.cumulative_trapezoid"), simps=_simps, trapz=_later("scipy.integrate.trapezoid")
    ),
    "scipy.linalg": dict(kron=np.kron, pinv2=_later("scipy.linalg.pinv"), tri=np.tri, tril=np.tril, triu=np.triu),
    "scipy.ndimage": dict(imread=_later("legacy_gan.porting.program.scipy_misc.imread")),
    "scipy.signal": {
        name: _later("scipy.signal.windows." + name.replace("hanning", "hann")) for name in _WINDOWS.split()
    },
    "scipy.spatial.distance": dict(
        matching=_later("scipy.spatial.distance.hamming"),
        wminkowski=lambda u, v, p, w: np.linalg.norm(np.asarray(w) * (np.asarray(u) - np.asarray(v)), ord=p),
    ),
    "scipy.special": dict(sph_harm=lambda m, n, theta, phi: _module("scipy.special").sph_harm_y(n, m, phi, theta)),
    "scipy.stats": dict(
        binom_test=lambda x, n=None, p=0.5, alternative="two-sided": (
            _module("scipy.stats").binomtest(x, n, p, alternative).pvalue
        ),
        itemfreq=_itemfreq,
        median_absolute_deviation=lambda x, axis=0, center=np.median, scale=1.4826, nan_policy="propagate": _module(
            "scipy.stats"
        ).median_abs_deviation(x, axis, center, 1 / scale, nan_policy),
    ),
    "sklearn.decomposition": dict(
        RandomizedPCA=lambda n_components=None, **named: _module("sklearn.decomposition").PCA(
            n_components, svd_solver="randomized", **named
        )
    ),
    "sklearn.metrics": dict(calinski_harabaz_score=_later("sklearn.metrics.calinski_harabasz_score")),
    "sklearn.preprocessing": dict(Imputer=_imputer),
}


def _complete(module: Any) -> None:
    """Gives a module that was just loaded its former names and arguments."""
    name = module.__name__
    for key, value in _ADDED.get(name, {}).items():
        if key not in vars(module):
            setattr(module, key, value)
    for key, change in _CHANGED.get(name, {}).items():
        there = getattr(module, key, None)
        if inspect.isclass(there):
            if "__init__" in vars(there):
                there.__init__ = change(there.__init__)
        elif there is not None:
            setattr(module, key, change(there))
    if name == "scipy.sparse.linalg":
        for below in ("eigen", "isolve", "dsolve"):
            shim = sys.modules.get(f"{name}.{below}")
            if shim is not None and not hasattr(shim, "__path__"):
                shim.__path__ = []  # so that arpack can be imported from it
    if name == "sklearn.feature_extraction.text" and not hasattr(module.CountVectorizer, "get_feature_names"):
        for kind in (module.CountVectorizer, module.TfidfVectorizer):  # until 1.1
            kind.get_feature_names = lambda self: list(self.get_feature_names_out())


def _numpy_names(scipy: Any) -> None:
    """scipy.array, scipy.sqrt, ...: NumPy's functions, until SciPy 1.11."""
    submodules = set(getattr(scipy, "submodules", ())) | set(getattr(scipy, "__all__", ()))
    for name in np.__all__:
        value = getattr(np, name, None)
        if name not in vars(scipy) and name not in submodules and callable(value):
            setattr(scipy, name, getattr(np.emath, name, value))
    for name in ("rand", "randn"):
        setattr(scipy, name, getattr(np.random, name))
    scipy.pi, scipy.inf, scipy.nan, scipy.newaxis = np.pi, np.inf, np.nan, None


FUNCTIONS: Dict[str, Callable] = dict.fromkeys({*_ADDED, *_CHANGED, "sklearn.feature_extraction.text"}, _complete)
FUNCTIONS["scipy"] = _numpy_names


# Modules that are gone


def _folds(kind):
    """A class of sklearn.cross_validation, which was given the number of samples, or their labels, at once."""

    def make(n, n_folds=3, shuffle=False, random_state=None, **named):
        labels = np.zeros(n) if np.ndim(n) == 0 else np.asarray(n)
        options = dict(shuffle=True, random_state=random_state) if shuffle else {}
        split = getattr(_module("sklearn.model_selection"), kind)(n_splits=n_folds, **options, **named)
        return list(split.split(np.zeros(len(labels)), labels))

    return make


def _shuffled(kind):
    def make(n, n_iter=10, test_size=0.1, train_size=None, random_state=None):
        labels = np.zeros(n) if np.ndim(n) == 0 else np.asarray(n)
        split = getattr(_module("sklearn.model_selection"), kind)(
            n_splits=n_iter, test_size=test_size, train_size=train_size, random_state=random_state
        )
        return list(split.split(np.zeros(len(labels)), labels))

    return make


_PRIVATE = {  # modules of scikit-learn until 0.23, whose names their packages have
    "cluster": "dbscan_ hierarchical k_means_ spectral",
    "datasets": "base samples_generator",
    "decomposition": "fastica_ incremental_pca nmf pca truncated_svd",
    "ensemble": "bagging forest gradient_boosting weight_boosting",
    "feature_selection": "base from_model rfe univariate_selection",
    "gaussian_process": "gpc gpr",
    "linear_model": "base coordinate_descent least_angle logistic ridge stochastic_gradient",
    "manifold": "isomap mds spectral_embedding_ t_sne",
    "metrics": "classification ranking regression scorer",
    "mixture": "base gaussian_mixture",
    "neighbors": "base classification kde nearest_centroid regression unsupervised",
    "neural_network": "multilayer_perceptron rbm",
    "preprocessing": "data imputation label",
    "svm": "base classes",
    "tree": "export tree",
}

FORMER_MODULES: Dict[str, Tuple[Any, Dict[str, Any]]] = {
    "scipy.ndimage.filters": ("scipy.ndimage", {}),
    "scipy.ndimage.fourier": ("scipy.ndimage", {}),
    "scipy.ndimage.interpolation": ("scipy.ndimage", {}),
    "scipy.ndimage.measurements": ("scipy.ndimage", {}),
    "scipy.ndimage.morphology": ("scipy.ndimage", {}),
    "scipy.sparse.linalg.dsolve": ("scipy.sparse.linalg", {}),
    "scipy.sparse.linalg.eigen": ("scipy.sparse.linalg", {}),
    "scipy.sparse.linalg.eigen.arpack": ("scipy.sparse.linalg", {}),
    "scipy.sparse.linalg.eigen.lobpcg": ("scipy.sparse.linalg", {}),
    "scipy.sparse.linalg.isolve": ("scipy.sparse.linalg", {}),
    **{f"scipy.sparse.{name}": ("scipy.sparse", {}) for name in "base bsr coo csc csr dia dok lil".split()},
    "scipy.stats.stats": ("scipy.stats", {}),
    "sklearn.cross_validation": (
        "sklearn.model_selection",
        dict(
            KFold=_folds("KFold"),
            ShuffleSplit=_shuffled("ShuffleSplit"),
            StratifiedKFold=_folds("StratifiedKFold"),
            StratifiedShuffleSplit=_shuffled("StratifiedShuffleSplit"),
        ),
    ),
    "sklearn.externals": (None, {}),
    "sklearn.externals.joblib": ("joblib", {}),
    "sklearn.externals.six": ("six", {}),
    "sklearn.feature_extraction.stop_words": ("sklearn.feature_extraction.text", {}),
    "sklearn.grid_search": ("sklearn.model_selection", {}),
    "sklearn.lda": (
        "sklearn.discriminant_analysis",
        dict(LDA=_later("sklearn.discriminant_analysis.LinearDiscriminantAnalysis")),
    ),
    "sklearn.learning_curve": ("sklearn.model_selection", {}),
    "sklearn.qda": (
        "sklearn.discriminant_analysis",
        dict(QDA=_later("sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis")),
    ),
    "sklearn.utils.linear_assignment_": ("sklearn.utils", dict(linear_assignment=_linear_assignment)),
    **{
        f"sklearn.{package}.{name}": (f"sklearn.{package}", {})
        for package, names in _PRIVATE.items()
        for name in names.split()
    },
}

SERVED = sorted(FORMER_MODULES) + [f"{module}.{name}" for module, names in sorted(_ADDED.items()) for name in names]
