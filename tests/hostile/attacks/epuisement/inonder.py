# Écrire sans fin.
# ends: ran, too_much_output, timed_out

# %%
while True:
    print("x" * 10000)
