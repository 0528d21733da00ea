"""Data that crosses a border: no logic, imported by everything."""
