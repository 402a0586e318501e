//! The word that was probably meant.

/// Words longer than this are not compared: it would cost their product, and nobody mistypes a text like that.
const LONGEST_WORD: usize = 64;
/// At most so many candidates are looked at, so that a bad document is not slower to refuse than a good one to read.
const MOST_CANDIDATES: usize = 2_000;

/// The candidate that is closest to a word, if any is close.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST_WORD {
        return None;
    }
    let furthest = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST_CANDIDATES) {
        if candidate.chars().count().abs_diff(length) > furthest {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        if distance <= furthest && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// "; did you mean `latte`?", or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |near| format!("; did you mean {}?", quoted(near)))
}

/// User input in backticks, shortened where it is long.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Words as a choice: "`a`, `b` or `c`".
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [word] => quoted(word),
        [words @ .., last] => {
            let first: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            format!("{} or {}", first.join(", "), quoted(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_slip_and_not_a_different_word() {
        let words = ["latte", "newcomer", "do_not_disturb"];
        assert_eq!(nearest("latt", words), Some("latte"));
        assert_eq!(nearest("newcmoer", words), Some("newcomer"));
        assert_eq!(nearest("espresso", words), None);
        assert_eq!(did_you_mean("latt", words), "; did you mean `latte`?");
    }

    #[test]
    fn shortens_long_input() {
        assert_eq!(quoted(&"x".repeat(1_000)).chars().count(), 83);
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
