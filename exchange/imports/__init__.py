"""What comes in from others: files of claims, sources and verdicts, each row for itself, and twice changes nothing."""
