"""What a picture that cannot be decoded becomes: one error that names the file, whatever was raised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from faltung.errors import FaltungError, FileError, missing_extra
from faltung.files.whole import file_error

__all__ = ["decoding"]


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn whatever the decoding of a picture raises in this block into a FileError.

    Decoders raise what damaged input leads them to: not only OSError, SyntaxError and struct.error,
    but TypeError, ZeroDivisionError and OverflowError as well, and others with each release. So
    none is listed; errors of ours pass as they are.

    Raises
    ------
    FileError
        Naming the file and the reason.
    MissingExtraError
        Without Pillow.
    """
    try:
        from PIL import UnidentifiedImageError
        from PIL.Image import DecompressionBombError
    except ImportError:
        raise missing_extra("Pillow", "images", "reading pictures") from None
    try:
        yield
    except FaltungError:
        raise
    except DecompressionBombError as error:
        raise file_error(name, "is too large a picture", error) from error
    except UnidentifiedImageError as error:
        raise FileError(f"{name}: is not a picture in any format that Pillow reads") from error
    except Exception as error:
        if getattr(error, "strerror", None):  # of the system: no permission, no such file
            raise file_error(name, "cannot be read", error) from error
        raise file_error(name, "cannot be read as a picture", error) from error
