"""The sign-in provider (OpenID Connect), in place of the library's own: see decision 0054."""
