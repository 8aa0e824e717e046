//! What formgrid knows of the forms: titles, labels, grids
