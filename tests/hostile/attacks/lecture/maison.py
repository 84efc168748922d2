# Lire le dossier personnel de l'évaluateur.

# %%
open(HOME).read(1)
reached()
