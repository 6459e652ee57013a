"""How other services are asked; each fails closed."""
