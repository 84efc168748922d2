# Lire une variable de l'évaluateur.

# %%
import os

assert "JURYLAB_SECRET" in os.environ
reached()
