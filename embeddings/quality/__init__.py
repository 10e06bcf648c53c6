"""Measures the quality of answers on data sets, and fits what depends on data.

`dataset` reads a data set, `squad` makes one of files in SQuAD's format; `evaluate` computes
metrics, `report` draws them, `calibrate` fits the confidence, `make_token_means` computes the token
means that ship with the default model, and `verifier` trains the network of that name.
"""
