//! Blocks to forms: finds where each project form begins and ends
