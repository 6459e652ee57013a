"""The main job, told over HTTP alone: the demo shows it, and the journey test proves it."""
