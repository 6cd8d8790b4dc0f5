"""One family of errors: each message names the value, the rule and the way out."""

from __future__ import annotations

__all__ = [
    "DataError",
    "DtypeError",
    "ExactnessError",
    "FaltungError",
    "FileError",
    "MissingExtraError",
    "OptionError",
    "ResolutionError",
    "ShapeError",
]


class FaltungError(Exception):
    """The base of every error that faltung raises on purpose."""


class OptionError(FaltungError, ValueError):
    """An option has a value that it cannot have, or two options exclude each other."""


class ShapeError(FaltungError, ValueError):
    """Shapes or axes do not fit together."""


class DataError(FaltungError, ValueError):
    """The contents of an operand break a rule: NaN, probabilities that do not sum to one, …."""


class DtypeError(FaltungError, TypeError):
    """An operand has a type that the operation does not take."""


class ExactnessError(FaltungError, OverflowError):
    """An exact result was asked for and does not fit its type."""


class ResolutionError(FaltungError, ValueError):
    """A function could not be resolved to the accuracy asked for; says where."""


class FileError(FaltungError, OSError):
    """A file cannot be read or written; names it and says why."""


class MissingExtraError(FaltungError, ImportError):
    """An optional dependency is not installed; says the line that installs it."""


def missing_extra(package: str, extra: str, purpose: str) -> MissingExtraError:
    """Return the error for an optional `package` that `purpose` needs.

    Examples
    --------
    >>> print(missing_extra("matplotlib", "plot", "plot"))
    plot needs matplotlib, which is not installed: pip install 'faltung[plot]'
    """
    return MissingExtraError(
        f"{purpose} needs {package}, which is not installed: pip install 'faltung[{extra}]'"
    )
