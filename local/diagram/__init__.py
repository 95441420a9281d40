"""The way of the data, as the synthesized assembly wires it: a picture and a table."""
