"""From a folder of text files to typed rows and figures; every fault is noted, none stops the reading."""
