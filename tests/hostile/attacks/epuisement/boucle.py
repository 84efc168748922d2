# Ne jamais finir.
# ends: timed_out

# %%
while True:
    pass
