"""What is installed is whole and needs no extra: the wheel holds migrations, samples, data, templates and styles."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Runs in a folder that has nothing to do with the checkout, on the wheel's content alone.
_ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[1])
sys.modules.update(dict.fromkeys(("docx", "pypdf", "tantivy", "psycopg")))  # extras are not there for most
from pathlib import Path
import app
assert Path(app.__file__).is_relative_to(sys.argv[1]), app.__file__
from app.archive import open_archive
from app.cli.main import samples_folder
from app.config import Settings
from app.web.app import create_app
with open_archive(Settings(home=Path("home"), database_url=None, index_url=None)) as archive:
    report = archive.ingest([samples_folder()])
    create_app(archive)
    print(report.drafts, len(report.rejected), archive.search("ferry").total)
"""


def test_a_wheel_runs_from_any_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    command = [sys.executable, "-c", _ELSEWHERE, str(tmp_path / "site")]
    done = subprocess.run(command, cwd=tmp_path / "elsewhere", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    drafts, rejected, found = map(int, done.stdout.split())
    assert drafts >= 25
    assert rejected == 0
    assert found > 0
