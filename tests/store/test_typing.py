"""mypy keeps "anyone reads, one writes"."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRONG = Path(__file__).parent / "typing_wrong.py"


def test_mypy_refuses_what_would_write_without_the_right(tmp_path: Path) -> None:
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# refused:" in line}
    bare = tmp_path / "typing_wrong.py"
    bare.write_text("\n".join(re.sub(r"  # type: ignore.*", "", line) for line in lines) + "\n")

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--config-file",
            str(ROOT / "pyproject.toml"),
            "--cache-dir",
            str(tmp_path),
            str(bare),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    found = re.findall(r"typing_wrong\.py:(\d+): error", done.stdout)
    assert {int(number) for number in found} == marked, done.stdout
