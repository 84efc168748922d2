# Demander un nom.

# %%
import socket

socket.getaddrinfo("exemple.invalid", 80)
reached()
