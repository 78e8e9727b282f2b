"""What `audit_anonymity` looks at, one module for each area; each has one public function that returns what it saw."""
