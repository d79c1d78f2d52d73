"""What this installation is to others, and which rows came from elsewhere."""

from exchange.models.identity import Instance, KnownRow, RowKind

__all__ = ["Instance", "KnownRow", "RowKind"]
