//! ```text
//! sqlite-host                 three workers on sample data, with a summary at the end
//! sqlite-host work DIRECTORY  one worker of a house whose files are there
//! ```

use std::{
    env,
    path::Path,
    process::{Child, Command},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use sqlite_host::{Result, sample, store::Store, worker::Worker};

const WORKERS: usize = 3;
const CUSTOMERS: u32 = 300;
const DAYS: i64 = 14;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(),
        ["work", directory] => Worker::open(Path::new(directory))?.run(),
        _ => Err("usage: sqlite-host [work DIRECTORY]".into()),
    }
}

fn run() -> Result<()> {
    let directory = env::temp_dir().join(format!("sqlite-host-{}", std::process::id()));
    sample::write(&directory, CUSTOMERS, DAYS)?;
    println!(
        "{CUSTOMERS} customers, {DAYS} days, {WORKERS} workers; edit {}",
        directory.join("rulebook.json").display()
    );
    let worker = || {
        Command::new(env::current_exe()?)
            .arg("work")
            .arg(&directory)
            .spawn()
    };
    let mut workers: Vec<Child> = (0..WORKERS).map(|_| worker()).collect::<std::io::Result<_>>()?;

    let store = Store::open(&directory.join("house.db"))?;
    let (start, end) = store.clock()?;
    let bar = ProgressBar::new((end - start).num_hours().unsigned_abs());
    bar.set_style(ProgressStyle::with_template("{bar:40} {msg}")?);
    while workers
        .iter_mut()
        .any(|worker| !matches!(worker.try_wait(), Ok(Some(_))))
    {
        let (now, _) = store.clock()?;
        bar.set_position((now - start).num_hours().unsigned_abs());
        bar.set_message(now.format("%a %d %b %H:%M").to_string());
        thread::sleep(Duration::from_millis(100));
    }
    bar.finish();
    for (what, count) in store.counts()? {
        println!("{count:>8}  {what}");
    }
    Ok(())
}
