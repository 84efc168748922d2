# Écrire dans l'environnement Python.

# %%
open(SITE + "/sitecustomize.py", "w")
reached()
