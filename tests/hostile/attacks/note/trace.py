# Suivre l'exécution du contrôle (settrace).

# %%
import sys

saw = []
sys.settrace(lambda f, e, a: saw.append(f.f_code.co_filename))
total = 1

# %% test
assert abs(total - 60) < 0.01, "le total est faux"

# %%
reached() if any("<contr" in one for one in saw) else print("rien")
