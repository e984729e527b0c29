"""BNSP's papers of a case: what they ask (layout), what may stand in them (answers, prefill), how they print."""
