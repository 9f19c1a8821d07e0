"""What is built: bills of materials."""
