"""How well search finds what people mean: labelled queries, MRR@10 and recall@10."""
