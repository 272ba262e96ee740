"""Finding a Chromium for the browser tests, and installing one where there is none: `make browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ADVICE = "`apt-get install chromium`, or `playwright install chromium`, or set NEWSFOLD_CHROMIUM to one"

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium(playwright_path: str) -> str | None:
    """Return a Chromium: the one that NEWSFOLD_CHROMIUM names, the system's, else Playwright's at its path; or None."""
    named = os.environ.get("NEWSFOLD_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return found
    return playwright_path if Path(playwright_path).is_file() else None


def _installers() -> list[list[list[str]]]:
    """The ways to install one here, each a list of commands: Debian's package for root, Playwright's own for others."""
    ways = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quietly = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        ways.insert(0, [[*quietly, "update"], [*quietly, "install", "-y", "chromium"]])
    return ways


def main() -> None:
    """See to it that there is a Chromium; where none can be had, say so and go on: the browser tests skip then."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    for commands in _installers():
        if find_chromium(path):
            return
        print(f"No Chromium found; trying: {' '.join(commands[-1])}", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in commands:
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=900, check=False)
    if not find_chromium(path):
        print(f"No Chromium could be had, so the browser tests will be skipped. To run them: {ADVICE}.")


if __name__ == "__main__":
    main()
