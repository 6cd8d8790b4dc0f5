"""Arrays, pictures and sound in and out of files, each written back in the kind it came in.

=========  =======================  ====================================================
kind       formats                  what comes back
=========  =======================  ====================================================
array      npy, csv, tsv, txt       the dtype; a row or a column of text stays one
picture    png, jpg, tif, bmp       bits for each channel, alpha, colour profile, EXIF
sound      wav; flac, ogg           sample rate, channels, bits for each sample
=========  =======================  ====================================================

Pictures need the extra ``faltung[images]``, flac and ogg the extra ``faltung[audio]``.
"""

from __future__ import annotations

from faltung.files.content import Content, Kind, Report
from faltung.files.formats import Target, read, suffixes, target

__all__ = ["Content", "Kind", "Report", "Target", "read", "suffixes", "target"]
