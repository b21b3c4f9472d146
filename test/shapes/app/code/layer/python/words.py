word = "a word of a layer"
