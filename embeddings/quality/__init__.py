"""How good the answers are: data sets to metrics, calibrations and reports.

`dataset` reads a data set, `evaluate` measures, `report` draws, `calibrate` fits the confidence;
`make_token_means` makes the means of token vectors that ship with the default model.
"""
