//! A rulebook that is edited while workers run.

use std::{cell::RefCell, fs, thread, time::Duration};

use sqlite_host::{Result, rulebook::Rulebook, sample};

#[test]
fn a_good_rulebook_is_swapped_in_and_a_bad_one_is_refused_with_all_its_problems() -> Result<()> {
    let house = tempfile::tempdir()?;
    sample::write(house.path(), 1, 1)?;
    let path = house.path().join("rulebook.json");
    let good = fs::read_to_string(&path)?;
    let mut rulebook = Rulebook::open(house.path())?;
    let first = rulebook.engine.fingerprint();
    let told = RefCell::new(Vec::new());
    let mut edit = |text: &str| -> Result<(String, Vec<String>)> {
        // So that the file's time differs.
        thread::sleep(Duration::from_millis(20));
        fs::write(&path, text)?;
        rulebook.refresh(|line| told.borrow_mut().push(line));
        // Nothing new is nothing to tell.
        rulebook.refresh(|line| told.borrow_mut().push(line));
        Ok((rulebook.engine.fingerprint(), told.take()))
    };

    let bad = good
        .replace("\"tag\": \"latte\"", "\"tag\": \"late\"")
        .replace("\"22:00\"", "\"22 Uhr\"");
    let (fingerprint, told) = edit(&bad)?;
    assert_eq!(fingerprint, first, "the old one stays");
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("/campaigns/2/audience/tag"), "{told:?}");
    assert!(
        told[0].contains("/policies/0/rules/1/then/quiet/from"),
        "{told:?}"
    );

    // Half of a file, as an editor may leave it for a moment.
    let (fingerprint, told) = edit(&good[..good.len() / 2])?;
    assert_eq!((fingerprint, told.len()), (first.clone(), 1));

    let (fingerprint, told) = edit(&good.replace("\"at_most\": 3", "\"at_most\": 2"))?;
    assert_ne!(fingerprint, first);
    assert_eq!(told, [format!("rulebook {fingerprint} is in use")]);

    let (fingerprint, _) = edit(&good)?;
    assert_eq!(fingerprint, first);
    Ok(())
}
