"""Pure rules of indicators: sets of definitions, what counts, how it is counted, periods."""
