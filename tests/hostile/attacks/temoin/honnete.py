# Rien : un travail honnête, qui doit passer partout.

# %%
total = 60.0

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
