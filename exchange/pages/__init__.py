"""Pages of the workbench for what goes out and comes in; each file ends with its addresses."""
