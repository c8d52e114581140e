//! Terminal colours, or none, and Go's quoting.

/// Paints text when asked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    pub on: bool,
}

/// The colours Nomad's output uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Green,
    Red,
    Yellow,
    LightYellow,
    Cyan,
    Blue,
}

impl Paint {
    /// Colours a text.
    pub fn color(self, color: Color, text: &str) -> String {
        let code = match color {
            Color::Red => 31,
            Color::Green => 32,
            Color::Yellow => 33,
            Color::Blue => 34,
            Color::Cyan => 36,
            Color::LightYellow => 93,
        };
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Makes a text bold.
    pub fn bold(self, text: &str) -> String {
        if self.on { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Both.
    pub fn bold_color(self, color: Color, text: &str) -> String {
        let painted = self.color(color, text);
        if self.on { format!("\x1b[1m{painted}") } else { painted }
    }
}
