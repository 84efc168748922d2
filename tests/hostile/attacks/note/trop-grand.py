# Une valeur énorme.
# ends: ran, kernel_died
# scores

# %%
import numpy as np

total = np.zeros(30_000_000)

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
