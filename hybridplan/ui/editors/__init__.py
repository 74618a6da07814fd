"""Typed tables and forms as views of one document: what people type goes into it as typed, and is checked there."""
