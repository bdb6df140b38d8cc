"""Rules for what people hand in, one module per noun: strict, and every defect at once."""
