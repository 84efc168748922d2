# Lire le notebook source, avec ses tests cachés.

# %%
open(SOURCE).read(1)
reached()
