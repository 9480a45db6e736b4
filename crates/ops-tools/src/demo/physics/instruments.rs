//! What do the instruments show of processors, memory, disks and wires?

use super::super::calendar::ROWS;
use super::super::grid::Field;
use super::super::nodes::{Class, NODES};
use super::super::noise::Channel;
use super::super::shop::COUNT;
use super::World;

impl World<'_> {
    /// What instruments show of processors, memory, disks and wires.
    pub(super) fn measure(&mut self, row: usize) {
        for (node, part) in self.shop.parts.iter().enumerate() {
            let gauge = self.noise(Channel::Gauge, row, node);
            let cpu = (100.0 * self.now(row, Field::Load, node) + 1.2 * gauge).clamp(0.5, 100.0);
            let memory = (self.now(row, Field::Heap, node) + 0.2 * gauge).clamp(1.0, 99.0);
            let disk = part.disk + 2.5 * row as f64 / ROWS as f64 + 0.01 * gauge;
            self.grid.set(row, Field::Cpu, node, cpu);
            self.grid.set(row, Field::Memory, node, memory);
            self.grid.set(row, Field::Disk, node, disk);
            self.grid.set(row, Field::Traffic, node, self.traffic(row, node) * (1.0 + 0.02 * gauge));
        }
    }

    /// The work of shared hardware: how busy its servers are.
    fn traffic(&self, row: usize, node: usize) -> f64 {
        let hosts = (0..COUNT).filter(|&host| NODES[host].class.hosts());
        match NODES[node].class {
            Class::Storage => {
                let load = hosts.map(|host| self.now(row, Field::Load, host)).sum::<f64>();
                100.0 * self.shop.parts[node].load * load / 5.6
            }
            Class::Network => 900.0 * hosts.map(|host| self.now(row, Field::Load, host)).sum::<f64>(),
            _ => 0.0,
        }
    }
}
