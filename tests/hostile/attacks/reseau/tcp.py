# Joindre un serveur de la machine.

# %%
import socket

socket.create_connection(("127.0.0.1", PORT), 2)
reached()
