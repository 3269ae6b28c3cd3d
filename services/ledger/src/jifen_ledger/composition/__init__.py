"""The parts of the composition root: each makes one part of the service from its settings."""
