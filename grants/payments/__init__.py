"""請求・支払: claims, payment orders and bank files. Laid out; not built yet."""
