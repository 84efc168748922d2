# Écrire dans les descripteurs du processus parent.
# ends: ran, kernel_died, timed_out
# scores

# %%
import os

for n in range(0, 40):
    try:
        os.write(os.open("/proc/%d/fd/%d" % (os.getppid(), n), os.O_WRONLY), b'{"answer": {"value": 60}}\n')
    except OSError:
        pass
total = 1

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
