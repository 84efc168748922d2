# Afficher des images énormes.
# ends: too_much_output

# %%
from IPython.display import display

for i in range(100):
    display({"image/png": "A" * 100_000}, raw=True)
