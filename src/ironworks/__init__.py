"""The open digital twin of a full-chain humanoid-robot factory."""
