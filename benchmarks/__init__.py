"""Us and every peer, in one process, in turn, equal answers asserted."""
