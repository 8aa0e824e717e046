//! Flags for how much is read of one document.

use std::time::Duration;

/// How much is read of one document; what is beyond is told and left.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct DocumentLimits {
    /// How deep elements of HTML may nest, tables apart
    #[arg(long, value_name = "N", default_value_t = formgrid_ingest::Limits::default().depth)]
    pub max_depth: u32,

    /// Elements and texts of HTML
    #[arg(long, value_name = "N", default_value_t = formgrid_ingest::Limits::default().nodes)]
    pub max_nodes: u32,

    /// Lines with text, and rows of tables
    #[arg(long, value_name = "N", default_value_t = formgrid_ingest::Limits::default().rows)]
    pub max_rows: u32,

    /// Rows and cells of one table, cells of one line
    #[arg(long, value_name = "N", default_value_t = formgrid_ingest::Limits::default().cells)]
    pub max_cells: u32,

    /// Seconds for one document
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub max_time: Duration,
}

impl DocumentLimits {
    /// The limits as the reader takes them.
    pub fn limits(&self) -> formgrid_ingest::Limits {
        let DocumentLimits { max_depth, max_nodes, max_rows, max_cells, max_time } = *self;
        formgrid_ingest::Limits {
            depth: max_depth,
            nodes: max_nodes,
            rows: max_rows,
            cells: max_cells,
            time: max_time,
        }
    }
}

/// A number of seconds, with decimals.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "no number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "out of range".to_owned())
}
