"""The wheel holds what the program reads at run time, with the licences of what others made."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_resource_and_data_file_is_in_the_wheel(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("transcript_reviewer-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "resources", "reviewer"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wanted = {
        name.replace("resources/", "reviewer/_resources/", 1) if name.startswith("resources/") else name
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file()
    }
    assert wanted <= names
    assert {n for n in names if n.endswith(("OFL.txt", "LICENSE"))} >= {
        "reviewer/_resources/icons/LICENSE",
        "reviewer/_resources/fonts/inter/OFL.txt",
        "reviewer/_resources/fonts/jetbrains-mono/OFL.txt",
    }


def test_the_pinned_files_name_no_index_and_no_machine() -> None:
    for path in (ROOT / "packaging").glob("requirements*.txt"):
        text = path.read_text()
        assert "://" not in text
        assert "--index" not in text
        assert all("==" in line for line in text.splitlines() if line and line[0].isalpha())
