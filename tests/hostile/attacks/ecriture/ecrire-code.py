# Changer le code qui l'exécute.

# %%
open("/jurylab/tests.py", "a")
reached()
