//! Forms to records: labels, typed values, the merged-cell grid
