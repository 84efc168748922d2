# Une valeur sans fond.
# scores

# %%
x = []
for i in range(100000):
    x = [x]
total = x

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
