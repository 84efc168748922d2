# Sortir au milieu.
# ends: kernel_died
# scores

# %%
import os

os._exit(0)

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
