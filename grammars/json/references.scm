; JSON has nothing that names a symbol of another place.
