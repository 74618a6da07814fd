"""What the pages of the PDF are made of: fonts, text, tables and charts drawn as vectors."""
