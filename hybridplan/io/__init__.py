"""The only readers and writers of files and untrusted text."""
