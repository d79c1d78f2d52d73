"""The browser for browser tests and screenshots: found on this machine, or installed from Debian as root.

`python -m config.chromium` prints its path.
"""

import os
import shutil
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
ADVICE = (
    "no Chromium was found: install it (Debian: `sudo apt-get install chromium`) or give its path in HEARSAY_CHROMIUM"
)


def find_chromium() -> str | None:
    if chosen := os.environ.get("HEARSAY_CHROMIUM"):
        return chosen
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return next((path for path in MAC_APPLICATIONS if Path(path).exists()), None)


def main() -> int:
    """Print the path of Chromium, installing it first where that is allowed."""
    found = find_chromium()
    if found is None and may_install():
        print("hearsay: installing chromium with apt-get", flush=True)
        try:
            apt_install("chromium")
        except PostgresUnavailable as error:
            print(f"hearsay: {error}", file=sys.stderr)
            return 1
        found = find_chromium()
    print(found or f"hearsay: {ADVICE}.", file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
