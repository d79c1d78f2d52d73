"""What others integrate with: jobs, the change feed, webhooks, and the formats that go out and come in."""
