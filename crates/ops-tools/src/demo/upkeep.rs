//! What happens every day in a shop that is well?

use crate::estate::{Event, Work, WorkKind};

use super::calendar::START;
use super::change::Log;
use super::dice::Dice;
use super::nodes::{Class, NODES, Node};
use super::records::{attributes, ci_id};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// From noon, when the estate begins, to the night's backups.
const TO_BACKUP: i64 = 14 * HOUR;
/// From noon to the morning's checks.
const TO_CHECK: i64 = 18 * HOUR;
/// Nights of the week, and the one on which servers are patched.
const NIGHTS: i64 = 7;
const PATCH_NIGHT: i64 = 2;

/// Records backups, patches, health checks and what the firewall saw.
pub(super) fn keep(log: &mut Log, dice: &mut Dice) {
    for night in 0..NIGHTS {
        let noon = START + night * DAY;
        for node in &NODES {
            match node.class {
                Class::Database => back_up(log, dice, node, noon + TO_BACKUP),
                Class::Server | Class::DataServer => check_health(log, node, noon + TO_CHECK),
                Class::Security if dice.chance(0.5) => report_scan(log, dice, node, noon),
                _ => {}
            }
        }
        if night == PATCH_NIGHT {
            patch_servers(log, dice, noon + TO_BACKUP + HOUR);
        }
    }
}

fn back_up(log: &mut Log, dice: &mut Dice, node: &Node, time: i64) {
    let start = time + dice.below(600) as i64;
    let minutes = 12 + dice.below(20) as i64;
    log.work.push(maintenance(node, "backup", "Nightly backup", start, minutes));
}

/// Patches two servers, and says when each goes into maintenance and comes back.
fn patch_servers(log: &mut Log, dice: &mut Dice, time: i64) {
    let servers: Vec<&Node> = NODES.iter().filter(|node| node.class == Class::Server).collect();
    let first = dice.below(servers.len());
    for (turn, node) in servers.iter().cycle().skip(first).take(2).enumerate() {
        let start = time + turn as i64 * HOUR;
        let minutes = 15 + dice.below(15) as i64;
        log.work.push(maintenance(node, "patch", "Operating system updates", start, minutes));
        log.events.push(notice(node, start, "status_change", 2, "maintenance begins"));
        log.events.push(notice(node, start + 60 * minutes, "status_change", 1, "maintenance ends"));
    }
}

fn check_health(log: &mut Log, node: &Node, time: i64) {
    log.events.push(notice(node, time, "health_check", 1, "daily check passed"));
}

fn report_scan(log: &mut Log, dice: &mut Dice, node: &Node, noon: i64) {
    let time = noon + dice.below(17 * 3_600) as i64;
    log.events.push(notice(node, time, "security_alert", 2, "port scan blocked"));
}

fn notice(node: &Node, time: i64, kind: &str, severity: u8, what: &str) -> Event {
    Event {
        time,
        ci_id: ci_id(node.code),
        event_type: kind.to_owned(),
        severity,
        source: "device".to_owned(),
        title: format!("{}: {what}", node.name),
        message: format!("{}: {what}", node.code),
        attributes: attributes(&[]),
    }
}

fn maintenance(node: &Node, kind: &str, summary: &str, start: i64, minutes: i64) -> Work {
    Work {
        kind: WorkKind::Maintenance,
        ci_id: ci_id(node.code),
        work_type: kind.to_owned(),
        summary: format!("{summary} of {}", node.name),
        detail: format!("planned window of {minutes} minutes"),
        performer: "maintenance-bot".to_owned(),
        start,
        end: Some(start + 60 * minutes),
        result: "success".to_owned(),
    }
}
