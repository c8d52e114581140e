//! Nomad's flags as clap reads them: one dash before a long name, `=true` and `=false` on switches.

/// Rewrites the arguments after the program's name.
pub(super) fn rewrite(args: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut literal = false;
    let mut out = Vec::new();
    for arg in args {
        literal |= arg == "--";
        if !literal && let Some(long) = long_flag(&arg) {
            match long.split_once('=') {
                Some((name, "true")) => out.push(format!("--{name}")),
                // The one switch that is on unless turned off.
                Some(("diff", "false")) => out.push("--no-diff".to_owned()),
                Some((_, "false")) => {}
                _ => out.push(format!("--{long}")),
            }
        } else {
            out.push(arg);
        }
    }
    out
}

/// The name (and value) of `-name` or `--name`; letters on their own are short flags.
fn long_flag(arg: &str) -> Option<&str> {
    let name = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-'))?;
    let letters = name.split('=').next()?;
    let starts_well = letters.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts_well && letters.len() > 1).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    fn check(args: &[&str], expected: &[&str]) {
        let args = args.iter().map(|a| (*a).to_owned());
        assert_eq!(rewrite(args), expected.to_vec());
    }

    #[test]
    fn one_dash_is_enough() {
        check(
            &["job", "run", "-hcl1", "-address=http://h:1", "-var", "a=true", "x.nomad"],
            &["job", "run", "--hcl1", "--address=http://h:1", "--var", "a=true", "x.nomad"],
        );
        check(
            &["logs", "-f", "-n", "5", "-tail", "ab"],
            &["logs", "-f", "-n", "5", "--tail", "ab"],
        );
        check(&["job", "run", "-"], &["job", "run", "-"]);
        check(&["--", "-detach"], &["--", "-detach"]);
    }

    #[test]
    fn switches_take_true_and_false() {
        check(&["-detach=true", "-purge=false", "-diff=false"], &["--detach", "--no-diff"]);
        check(&["-var=a=false"], &["--var=a=false"]);
    }
}
