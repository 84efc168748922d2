# Laisser un lien vers le carnet pour le suivant.

# %%
import os

os.symlink(GRADEBOOK, "/tmp/lien")
open("/tmp/lien").read(1)
reached()
