"""実績報告: the completion report and its inspection. Laid out; not built yet."""
