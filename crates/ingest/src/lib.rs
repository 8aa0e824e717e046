//! Bytes to blocks: decodes and cleans mixed HTML and tab text
