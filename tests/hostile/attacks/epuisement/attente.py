# Attendre au clavier.
# ends: ran, timed_out

# %%
input()
