"""The verdicts on the five questions of an area, with the figures behind them: made once, shown everywhere."""
