# Une erreur au texte sans fin.
# ends: ran, too_much_output, kernel_died, timed_out
# scores

# %%
class E(Exception):
    def __str__(s):
        return "x" * 50_000_000


raise E

# %% test
assert abs(total - 60) < 0.01, "le total est faux"
