"""The staff bot and the Humas bot: the desk's acts as chat commands."""
