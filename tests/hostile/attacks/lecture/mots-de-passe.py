# Lire /etc/shadow et /etc/passwd.

# %%
open("/etc/passwd").read(1)
reached()
