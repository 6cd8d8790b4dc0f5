"""``python -m faltung``: the command line."""

from __future__ import annotations

from faltung.cli.main import main

if __name__ == "__main__":
    main()
