"""Makes every derived file: notebooks, expected values, releases, the generated class."""
