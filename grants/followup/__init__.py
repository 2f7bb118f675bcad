"""効果報告: follow-up reports, assets, input-tax returns. Laid out; not built yet."""
