# Tuer le processus parent.
# ends: kernel_died, timed_out
# scores

# %%
import os

os.kill(os.getppid(), 9)

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
