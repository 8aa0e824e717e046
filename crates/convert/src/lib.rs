//! The whole pipeline on bytes: ingest, segment, extract
