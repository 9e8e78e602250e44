"""Joins the rooms: settings, addresses, the staff site, middleware, system checks."""
