# Installer un paquet.

# %%
import sys

import subprocess

subprocess.run([sys.executable, "-m", "pip", "download", "six"], check=True, capture_output=True, timeout=15)
reached()
