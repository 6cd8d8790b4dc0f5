#!/usr/bin/env -S uv run --script

# /// script
# dependencies = ["nox>=2025.2.9"]
# ///

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"

PROJECT = nox.project.load_toml()


@nox.session(default=True)
def lint(session: nox.Session) -> None:
    session.install("pre-commit")
    session.run("pre-commit", "run", "--all-files", *session.posargs)


@nox.session(default=True)
def tests(session: nox.Session) -> None:
    session.install(
        "--editable", ".[all]", *nox.project.dependency_groups(PROJECT, "test", "build")
    )
    session.run("pytest", *session.posargs)


@nox.session(default=False)
def sanitize(session: nox.Session) -> None:
    """Run the tests of the core under AddressSanitizer and UBSan."""
    session.run("make", "sanitize", external=True)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    session.install("--editable", ".", *nox.project.dependency_groups(PROJECT, "docs"))
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session(default=False)
def build(session: nox.Session) -> None:
    session.install("build")
    session.run("python", "-m", "build")


if __name__ == "__main__":
    nox.main()
