"""Configuration of the documentation."""

from __future__ import annotations

from importlib.metadata import version as installed_version

project = "faltung"
author = "The faltung developers"
version = release = installed_version("faltung")

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
autosummary_generate = True
numpydoc_show_class_members = False
exclude_patterns = ["_build"]

html_theme = "pydata_sphinx_theme"
html_title = "faltung"
