"""The lock: sealing, key pairs, receipt codes. Plain Python on PyNaCl; no Django, no database."""
