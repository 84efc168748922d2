# Lire le registre.

# %%
open(LEDGER, "rb").read(1)
reached()
