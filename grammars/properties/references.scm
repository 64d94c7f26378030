; Properties have nothing that names a symbol of another place.
