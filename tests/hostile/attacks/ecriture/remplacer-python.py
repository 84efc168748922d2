# Remplacer l'exécutable.

# %%
import os
import sys

os.rename(sys.executable, "/tmp/python")
reached()
