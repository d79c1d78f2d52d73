"""What goes out: one streamed source of plain records, and the formats written from it."""
