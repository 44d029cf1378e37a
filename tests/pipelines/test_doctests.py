"""The examples in docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

import pipelines.charset
import pipelines.classify
import pipelines.extract
import pipelines.uri

PACKAGES = (pipelines.charset, pipelines.classify, pipelines.extract, pipelines.uri)
MODULES = sorted(
    module.name
    for package in PACKAGES
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
