# Une fonction qui ne finit pas quand le contrôle l'appelle.
# ends: timed_out

# %%
def marge(a, b):
    while True:
        pass


# %% test
assert marge(1, 2) == 0
