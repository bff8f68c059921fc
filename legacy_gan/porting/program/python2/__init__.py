"""Python 2 for a program, in memory: its syntax by fissix, its meaning by the other files of this folder."""
