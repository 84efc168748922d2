# Agir à la sortie.

# %%
import atexit, os

atexit.register(lambda: open(COURSE + "/trace", "w"))

# %%
import sys

sys.exit()
