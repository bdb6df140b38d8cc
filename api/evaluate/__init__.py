"""What a solved case is worth: every metric of its plan, and how its fits compare with what came of them.

`rows` gathers the figures, `outcomes` reads what people reported, `agreement` compares, `page` and `files` write.
"""
