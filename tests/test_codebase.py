"""The code base itself: who may import whom, what the core is made of, how large things are."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "faltung"
CORE = ROOT / "cpp" / "faltung"

# The floors of the house: a module imports from its own floor's folder and from lower floors.
FLOORS = [
    {"_core", "errors", "options", "progress"},
    {"kernels", "files"},
    {"arrays"},
    {"distributions", "functions", "images", "nn"},
    {"convolution", "configuration"},
    {"__init__", "__main__", "cli", "tour"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
WINGS = FLOORS[3]
ALLOWED_BETWEEN_WINGS = {("distributions", "functions")}

# The same inside the wing of functions, from the numbers at the door up to what is drawn.
FUNCTIONS = [
    {"bounds", "carried", "transform", "rounding", "sampling", "unresolved"},
    {"polynomials", "checks"},
    {"chains"},
    {"contents", "made", "relative"},
    {"analysis"},
    {"whole"},
    {"doors", "methods"},
    {"function", "pictures"},
    {"convolve", "named"},
    {"samples"},
    {"__init__"},
]
FLOOR_OF_FUNCTIONS = {name: number for number, names in enumerate(FUNCTIONS) for name in names}

# And inside the wing of distributions, from rationals up to what names a law.
DISTRIBUTIONS = [
    {"numbers"},
    {"weights", "pictures"},
    {"law"},
    {"discrete"},
    {"continuous"},
    {"families"},
    {"mixed"},
    {"operations"},
    {"algebra", "risk"},
    {"named"},
    {"scipy_laws"},
    {"compounds"},
    {"notation", "readers"},
    {"door", "privacy"},
    {"__init__"},
]
FLOOR_OF_DISTRIBUTIONS = {
    name: number for number, names in enumerate(DISTRIBUTIONS) for name in names
}
FLOORS_OF_WINGS = {"functions": FLOOR_OF_FUNCTIONS, "distributions": FLOOR_OF_DISTRIBUTIONS}

# What the core install needs; everything else is imported inside the function that uses it.
CORE_DEPENDENCIES = {"click", "numpy", "scipy"}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree, *, everywhere):
    """Names of imported modules; those outside functions and TYPE_CHECKING unless `everywhere`."""

    def walk(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, "imports are absolute"
                yield child.module
                yield from (f"{child.module}.{alias.name}" for alias in child.names)
            elif everywhere or not (
                isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            ):
                yield from walk(child)

    return set(walk(tree))


def test_every_part_has_a_floor():
    assert {part_of(path) for path in modules()} <= set(FLOOR)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_imports_above_itself(path):
    part = part_of(path)
    for name in imports(ast.parse(path.read_text()), everywhere=True):
        words = name.split(".")
        if words[0] != "faltung" or len(words) == 1:
            continue
        other = words[1]
        if other not in FLOOR:
            # `import faltung` names: only the top floor uses the public face of the package.
            assert FLOOR[part] == len(FLOORS) - 1 or part == "convolution", (part, name)
            continue
        assert FLOOR[other] <= FLOOR[part], f"{part} imports {name} from a floor above"
        if part in WINGS and other in WINGS and part != other:
            assert (part, other) in ALLOWED_BETWEEN_WINGS, f"wing {part} imports wing {other}"


def modules_of_wings():
    return [path for path in modules() if part_of(path) in FLOORS_OF_WINGS]


@pytest.mark.parametrize(
    "path", modules_of_wings(), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_nothing_in_a_wing_imports_above_itself(path):
    wing = part_of(path)
    floors = FLOORS_OF_WINGS[wing]
    floor = floors[path.relative_to(PACKAGE).parts[1].removesuffix(".py")]
    for name in imports(ast.parse(path.read_text()), everywhere=False):
        words = name.split(".")
        if words[:2] == ["faltung", wing] and len(words) > 2:
            assert floors.get(words[2], 0) <= floor, f"{path.name} imports {name} from above"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_optional_dependencies_are_imported_where_they_are_used(path):
    known = CORE_DEPENDENCIES | {"faltung", "__future__"} | set(sys.stdlib_module_names)
    found = {name.split(".")[0] for name in imports(ast.parse(path.read_text()), everywhere=False)}
    assert found <= known


def test_importing_faltung_imports_no_optional_dependency():
    code = (
        "import sys, faltung; "
        "print(*{name.split('.')[0] for name in sys.modules} & "
        "{'matplotlib', 'PIL', 'imageio', 'sklearn', 'torch', 'tqdm', 'safetensors', 'click'})"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_the_command_line_starts_without_numpy():
    code = "import sys, faltung.cli.main; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_the_core_includes_no_python():
    for path in sorted(CORE.rglob("*.?pp")):
        for header in re.findall(r'#include [<"](.+)[>"]', path.read_text()):
            assert "ython" not in header, path
            assert "nanobind" not in header, path


def test_kernel_files_use_no_containers_of_the_standard_library():
    for path in sorted((CORE / "kernels").glob("*.cpp")):
        text = path.read_text()
        headers = set(re.findall(r"#include <(.+)>", text))
        assert headers <= {"cstddef", "cstdint", "cstring", "type_traits", "utility"}, path


@pytest.mark.skipif(
    not shutil.which("g++") or not shutil.which("nm"), reason="needs g++ and nm to read symbols"
)
@pytest.mark.parametrize(
    "path", sorted((CORE / "kernels").glob("*.cpp")), ids=lambda path: path.stem
)
def test_a_kernel_file_has_symbols_of_its_own_instruction_set_alone(path, tmp_path):
    """A shared weak symbol compiled for AVX could be the copy that the linker keeps for all."""
    target = tmp_path / "kernel.o"
    flags = ["-std=c++20", "-O1", "-DFALTUNG_INSTRUCTION_SET=v2", f"-I{ROOT / 'cpp'}", "-Wno-psabi"]
    subprocess.run(["g++", *flags, "-c", str(path), "-o", str(target)], check=True)
    table = subprocess.run(["nm", "-C", str(target)], capture_output=True, text=True, check=True)
    for line in table.stdout.splitlines():
        kind, name = line[17], line[19:]  # after an address of 16 digits
        assert kind not in "WVu", f"weak symbol {name}"
        if kind in "TDRB":
            assert "faltung::v2::" in name


def test_the_stub_is_that_of_the_core():
    from nanobind.stubgen import StubGen

    from faltung import _core

    generator = StubGen(_core, quiet=True)
    generator.put(_core)

    def words(text):
        return re.sub(r"version: str = .*", "", text).split()

    assert words((PACKAGE / "_core.pyi").read_text()) == words(generator.get()), (
        "write it anew: python -m nanobind.stubgen -m faltung._core -o src/faltung/_core.pyi"
    )


def sizes_of_functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            yield node, (node.end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_are_small(path):
    assert len(path.read_text().splitlines()) <= 400
    for node, lines in sizes_of_functions(path):
        assert lines <= 40, f"{node.name} has {lines} lines"
        positional = [arg for arg in node.args.args if arg.arg not in ("self", "cls")]
        # A command of the command line is called by click, its options all by name.
        command = any("command" in ast.unparse(decorator) for decorator in node.decorator_list)
        assert command or len(node.args.posonlyargs) + len(positional) <= 5, node.name


def test_core_files_are_small():
    for path in sorted(CORE.rglob("*.?pp")):
        assert len(path.read_text().splitlines()) <= 400, path


def test_every_module_says_what_it_is_for():
    for path in modules():
        if path.name != "__main__.py":
            assert ast.get_docstring(ast.parse(path.read_text())), path


def test_versions_agree():
    import faltung

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == faltung.__version__
