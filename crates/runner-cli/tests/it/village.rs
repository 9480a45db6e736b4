//! A small estate with one incident: a shop needs an api, the api a database, and the database runs hot from 11:30.

use std::{fmt::Write, fs, path::PathBuf, sync::OnceLock};

use crate::desk::Desk;

/// When the data begins, in Unix seconds: 2026-05-31T12:00:00Z.
const BEGIN: i64 = 1_780_228_800;
/// How many rows each series has: a day of five-minute rows.
const ROWS: i64 = 288;
/// The first row of the incident: 2026-06-01T11:30:00Z.
const ONSET: i64 = 282;
/// The seconds between two rows.
const STEP: i64 = 300;

pub(crate) const CIS: &str = "ci_code,ci_name,ci_type,ci_subtype\n\
    shop,Web shop,SW,web\napi,Programming interface,SW,app\ndb-main,Database,SW,db\ndb-copy,Database,SW,db\n\
    idle,Idle service,SW,app\n";
pub(crate) const RELATIONS: &str = "source,rel_type,target\n\
    shop,DEPENDS_ON,api\napi,DEPENDS_ON,db-main\ndb-copy,DEPENDS_ON,db-main\n";
pub(crate) const EVENTS: &str = "time,ci,event_type,severity,title,attributes.metric\n\
    2026-06-01T11:25:00Z,db-main,config_change,2,Changed the buffer size,\n\
    2026-06-01T11:40:00Z,shop,threshold_alarm,4,latency of Web shop above 0.3,latency\n";

/// One series: item, metric, unit, usual value, value in the incident.
const SERIES: [(&str, &str, &str, f64, f64); 8] = [
    ("shop", "latency", "s", 0.200, 0.480),
    ("shop", "requests", "count", 3000.0, 3000.0),
    ("api", "latency", "s", 0.120, 0.400),
    ("api", "requests", "count", 3000.0, 3000.0),
    ("db-main", "latency", "s", 0.020, 0.300),
    ("db-main", "requests", "count", 3000.0, 3000.0),
    ("db-main", "cpu_usage", "percent", 30.0, 96.0),
    ("db-copy", "disk_usage", "percent", 40.0, 40.0),
];

/// Returns the path of the estate, imported once for all tests.
pub(crate) fn estate() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let desk = Desk::new();
        write_csv(&desk, "csv");
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("village-{}.estate", std::process::id()));
        let file = file.to_str().unwrap().to_owned();
        desk.run(&["estate", "import", "csv", "csv", "--out", &file]).ended(0);
        sweep();
        file
    })
}

/// Writes the estate as a directory of CSV files.
pub(crate) fn write_csv(desk: &Desk, directory: &str) {
    for (name, text) in [("cis", CIS), ("relations", RELATIONS), ("events", EVENTS), ("metrics", &metrics())] {
        desk.write(&format!("{directory}/{name}.csv"), text);
    }
}

/// Removes the estates that earlier test processes left.
fn sweep() {
    let own = format!("village-{}.estate", std::process::id());
    for entry in fs::read_dir(env!("CARGO_TARGET_TMPDIR")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()).and_then(|at| at.elapsed().ok());
        if name.starts_with("village-") && name != own && age.is_some_and(|age| age.as_secs() > 3600) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn metrics() -> String {
    let mut text = "time,ci,metric,value,unit\n".to_owned();
    for (number, (ci, metric, unit, usual, bad)) in SERIES.iter().enumerate() {
        for row in 0..ROWS {
            let base = if row < ONSET { usual } else { bad };
            let value = base * (1.0 + 0.02 * noise(row * 8 + i64::try_from(number).unwrap()));
            writeln!(text, "{},{ci},{metric},{value:.6},{unit}", BEGIN + row * STEP).unwrap();
        }
    }
    text
}

/// Returns a number between -1 and 1 that looks random and repeats.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (the mixer of SplitMix64).
#[expect(clippy::cast_precision_loss, reason = "noise needs no exactness")]
fn noise(at: i64) -> f64 {
    let mut z = at.unsigned_abs().wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 52) as f64) - 1.0
}
