"""効果報告: the asset register, disposals, input-tax returns, status, use and effect reports."""
