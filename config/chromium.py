"""The browser for browser tests and screenshots: found on this machine, or installed from Debian as root.

`python -m config.chromium` prints its path.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.postgres_binaries import PostgresUnavailable, apt_install, may_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEBIAN_PACKAGES = ("chromium", "libatomic1")  # the second for Playwright's driver, which does not bring it
ADVICE = (
    "no Chromium was found: install it (Debian: `sudo apt-get install chromium libatomic1`) or give its path in "
    "HEARSAY_CHROMIUM"
)


def find_chromium() -> str | None:
    if chosen := os.environ.get("HEARSAY_CHROMIUM"):
        return chosen
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return next((path for path in MAC_APPLICATIONS if Path(path).exists()), None)


def problem() -> str | None:
    """Why no browser can be driven here, in one sentence; None where one can."""
    if find_chromium() is None:
        return ADVICE
    found = importlib.util.find_spec("playwright")
    if found is None or found.origin is None:
        return "Playwright is not installed: `make setup`"
    driver = Path(found.origin).parent / "driver" / "node"
    tried = subprocess.run([driver, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return None
    return f"Playwright's driver does not start (Debian: `sudo apt-get install libatomic1`): {tried.stderr.strip()}"


def main() -> int:
    """Print the path of Chromium, installing what is missing first where that is allowed."""
    trouble = problem()
    if trouble is not None and may_install():
        print(f"hearsay: installing {' and '.join(DEBIAN_PACKAGES)} with apt-get", flush=True)
        try:
            apt_install(*DEBIAN_PACKAGES)
        except PostgresUnavailable as error:
            print(f"hearsay: {error}", file=sys.stderr)
            return 1
        trouble = problem()
    print(f"hearsay: {trouble}." if trouble else find_chromium(), file=sys.stderr if trouble else sys.stdout)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
