//! Random tables, well made and not, from a seed.

use fastrand::Rng;

/// So many documents, the same ones for the same seed. Each cell has a text of
/// its own, by which it is found again.
pub fn documents(count: usize, seed: u64) -> Vec<String> {
    let mut rng = Rng::with_seed(seed);
    (0..count).map(|_| document(&mut rng)).collect()
}

struct Maker<'r> {
    rng: &'r mut Rng,
    html: String,
    cells: u32,
    /// How likely a cell spans, and how wild its markup is, out of 100.
    spans: u8,
    mess: u8,
}

fn document(rng: &mut Rng) -> String {
    let (spans, mess) = (rng.u8(0..90), [0, 0, 10, 40][rng.usize(0..4)]);
    let mut maker = Maker { rng, html: String::new(), cells: 0, spans, mess };
    maker.table(0);
    maker.html
}

impl Maker<'_> {
    fn chance(&mut self, of_100: u8) -> bool {
        self.rng.u8(0..100) < of_100
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.rng.usize(0..from.len())]
    }

    fn table(&mut self, depth: u32) {
        self.html.push_str("<table>");
        if self.chance(15) {
            self.html.push_str("<caption>caption</caption>");
        }
        if self.chance(20) {
            let columns = self.pick(&[
                "<col><col>",
                "<col span=3>",
                "<colgroup span=2></colgroup>",
                "<colgroup><col span=2><col></colgroup>",
                "<col span=x>",
            ]);
            self.html.push_str(columns);
        }
        if self.chance(40) {
            let rows = self.rng.usize(0..7);
            self.rows(rows, depth);
        } else {
            for _ in 0..self.rng.usize(0..5) {
                let group = self.pick(&["thead", "tbody", "tbody", "tbody", "tfoot"]);
                let hidden = if self.chance(4) { " style=\"display:none\"" } else { "" };
                self.html += &format!("<{group}{hidden}>");
                let rows = self.rng.usize(0..5);
                self.rows(rows, depth);
                if !self.chance(30) {
                    self.html += &format!("</{group}>");
                }
            }
        }
        if !self.chance(self.mess / 4) {
            self.html.push_str("</table>");
        }
    }

    fn rows(&mut self, count: usize, depth: u32) {
        for _ in 0..count {
            self.litter();
            let row = match self.rng.u8(0..100) {
                0..3 => "<tr height=0 style='display:none'>",
                3..5 => "<tr hidden>",
                5..7 => "<tr height=0>",
                _ => "<tr>",
            };
            if !self.chance(self.mess / 4) {
                self.html.push_str(row);
            }
            for _ in 0..self.rng.usize(0..6) {
                self.cell(depth);
            }
            if !self.chance(20 + self.mess) {
                self.html.push_str("</tr>");
            }
        }
    }

    fn cell(&mut self, depth: u32) {
        self.litter();
        let name = if self.chance(20) { "th" } else { "td" };
        self.html += &format!("<{name}");
        for attribute in ["rowspan", "colspan"] {
            if self.chance(self.spans / 2) {
                let value = self.span();
                self.html += &format!(" {attribute}={value}");
            }
        }
        if self.chance(2) {
            self.html.push_str(" style=\"height:0;display:none\"");
        }
        self.cells += 1;
        self.html += &format!(">c{}.", self.cells);
        if depth < 2 && self.chance(2) {
            self.table(depth + 1);
        }
        if !self.chance(20 + self.mess) {
            self.html += &format!("</{name}>");
        }
    }

    fn span(&mut self) -> String {
        if self.chance(85) {
            return self.rng.u32(1..5).to_string();
        }
        self.pick(&[
            "0",
            "0",
            "7",
            "12",
            "-1",
            "+2",
            "\" 3\"",
            "2px",
            "2.9",
            "x",
            "\"\"",
            "007",
            "'2 3'",
            "&#50;",
            "３",
            "\"\t\n2\"",
            "1e1",
            "-0",
            "65534",
            "99999999999999999999",
        ])
        .to_owned()
    }

    /// Markup that does not belong there.
    fn litter(&mut self) {
        if self.chance(self.mess / 3) {
            let piece = self.pick(&[
                "text",
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "</td>",
                "</tr>",
                "</tbody>",
                "<tbody>",
                "<tr>",
                "<b>",
                "<!-- <td>no -->",
                "<![if supportMisalignedColumns]>",
                "<![endif]>",
                "<!--[if gte mso 9]><td>no<![endif]-->",
                "<form>",
                "<input type=hidden>",
                "<script>\"<td>\"</script>",
                "<style>x{}</style>",
                "</colgroup>",
                "<caption>late</caption>",
            ]);
            self.html.push_str(piece);
        }
    }
}
