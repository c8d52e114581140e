//! Where strings and heredocs end, seen from outside: found without looking at what they hold, so that reading can go
//! on behind a broken one.

/// How far an interpolation is followed. Each line may begin one that never ends, and none may cost the whole file.
const MAX_INTERPOLATION: usize = 4096;

/// The end of a quoted string, with the strings inside its `${ … }`; without an end, the end of the line.
pub(crate) fn string_end(bytes: &[u8], start: usize) -> (usize, bool) {
    // What is open: a quote, or a brace inside an interpolation.
    let mut open = vec![b'"'];
    let mut at = start + 1;
    let mut began = at;
    while at < bytes.len() {
        if open.len() == 1 {
            began = at;
        } else if at - began > MAX_INTERPOLATION {
            break;
        }
        let in_text = open.last() == Some(&b'"');
        match bytes[at] {
            b'\n' if open.len() == 1 => return (at, false),
            b'\\' if in_text => at += 1,
            b'"' if in_text => {
                open.pop();
                if open.is_empty() {
                    return (at + 1, true);
                }
            }
            b'"' => open.push(b'"'),
            b'$' | b'%'
                if in_text
                    && bytes.get(at + 1) == Some(&bytes[at])
                    && bytes.get(at + 2) == Some(&b'{') =>
            {
                at += 2;
            }
            b'$' | b'%' if in_text && bytes.get(at + 1) == Some(&b'{') => {
                open.push(b'{');
                at += 1;
            }
            b'{' if !in_text => open.push(b'{'),
            b'}' if !in_text => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    (line_end(bytes, start), false)
}

/// The end of a heredoc that begins here, if one does; false if that is only the end of the text.
pub(crate) fn heredoc_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start + 2;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let name_start = at;
    while bytes.get(at).is_some_and(|byte| is_word(*byte) || *byte == b'-') {
        at += 1;
    }
    let name = &bytes[name_start..at];
    if name.is_empty() {
        return None;
    }
    let mut line = line_end(bytes, at);
    while line < bytes.len() {
        let end = line_end(bytes, line + 1);
        if bytes[line + 1..end].trim_ascii() == name {
            return Some((end, true));
        }
        line = end;
    }
    Some((bytes.len(), false))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| from + n)
}
