# Écrire beaucoup, cellule après cellule.
# ends: too_much_output

# %% x30
print("x" * 150_000)
