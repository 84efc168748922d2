# Un fichier d'un téraoctet, creux.

# %%
open("creux", "wb").truncate(1 << 40)
reached()
