# Voir les processus de la machine.

# %%
import os

os.kill(PID, 0)
reached()
