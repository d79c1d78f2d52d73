"""What a web process and a command have loaded when they start."""

from __future__ import annotations

import subprocess
import sys


def test_neither_the_engine_nor_what_fits_curves_is_loaded_before_it_is_needed():
    started = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings_test'; import django; django.setup(); "
        "import config.urls; print(sorted({'spacy', 'thinc', 'scipy.optimize', 'scipy.sparse'} & sys.modules.keys()))"
    )

    found = subprocess.run([sys.executable, "-c", started], capture_output=True, text=True, check=False)

    assert (found.stdout.strip(), found.returncode) == ("[]", 0), found.stderr[-2000:]
