# Changer les données communes.

# %%
open("/data/donnees.csv", "w")
reached()
