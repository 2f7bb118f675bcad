"""返還: recovery, surcharge and arrears. Laid out; not built yet."""
