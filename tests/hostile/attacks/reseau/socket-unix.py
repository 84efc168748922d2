# Joindre une socket Unix de la machine.

# %%
import socket

s = socket.socket(socket.AF_UNIX)
s.connect(UNIX)
reached()
