"""Articles asked in Telegram, or in a terminal. Knows `embeddings` only by its public names.

`app` runs the bot in Telegram, `terminal` answers in a terminal, and `first_start` offers to make
the folder of articles. `menu` sets what Telegram shows of the bot; `settings` reads every setting;
`texts` holds what the bot says, from the catalogues in `locales`; `logs` writes the log, and
`errors` has the errors. `process_hardening` keeps the secrets from other processes, and
`bounded_dict` is a dictionary of limited size.

`handlers` define what a person can do, `services` do the work behind them, `views` say how it is
shown, and `transport` receives and sends it. `journal` is the database; `replicas` is what several
bots share.
"""
