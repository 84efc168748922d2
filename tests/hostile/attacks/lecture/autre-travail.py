# Lire le travail d'un autre.

# %%
open(OTHER).read(1)
reached()
