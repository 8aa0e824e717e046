//! Records to JSON, NDJSON and CSV
