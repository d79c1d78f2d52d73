"""What all of the REST API shares: addresses, errors, filters, pages, schema. Resources live in each app's `api/`."""
