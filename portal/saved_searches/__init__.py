"""New offers by mail: somebody keeps a search of the catalogue and hears of what is new for it, once a week at most."""
