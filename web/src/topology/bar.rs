//! One dimension of a node as a bar. Drawn with SVG attributes: the page's security policy forbids
//! style attributes.

use yew::prelude::*;

use crate::preview::words::{megabytes, megahertz};
use crate::preview::{Block, BlockKind, Meter};

/// A ghost must be seen even where it is a thousandth of the node.
const GHOST_MIN_PERCENT: f64 = 1.2;

/// What a bar measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Cpu,
    Memory,
    Disk,
}

impl Dimension {
    fn name(self) -> &'static str {
        match self {
            Dimension::Cpu => "CPU",
            Dimension::Memory => "Memory",
            Dimension::Disk => "Disk",
        }
    }

    fn of(self, block: &Block) -> i64 {
        match self {
            Dimension::Cpu => block.cpu_mhz,
            Dimension::Memory => block.memory_mb,
            Dimension::Disk => block.disk_mb,
        }
    }

    fn text(self, amount: i64) -> String {
        match self {
            Dimension::Cpu => megahertz(amount),
            Dimension::Memory | Dimension::Disk => megabytes(amount),
        }
    }
}

/// A labelled bar with its numbers.
pub fn bar(dimension: Dimension, meter: Meter, blocks: &[Block]) -> Html {
    let text = |amount| dimension.text(amount);
    let total = meter.total.max(1);
    let percent = |amount: i64| amount as f64 * 100.0 / total as f64;
    let used: i64 = kept(blocks).map(|b| dimension.of(b)).sum();
    let planned: i64 = ghosts(blocks).map(|b| dimension.of(b)).sum();
    let mut at = percent(meter.reserved);
    let mut segments = Vec::new();
    for block in kept(blocks).chain(ghosts(blocks)) {
        let amount = dimension.of(block);
        let ghost = block.kind == BlockKind::Ghost;
        let least = if ghost { GHOST_MIN_PERCENT } else { 0.0 };
        let width = percent(amount).max(least).min((100.0 - at).max(0.0));
        let title = format!("{}: {}", block.name, text(amount));
        segments.push(html! {
            <rect class={classes!("segment", kind_class(block.kind), (!ghost).then(|| hue(&block.job_id)))}
                x={format!("{at:.3}%")} width={format!("{width:.3}%")} y="0" height="100%">
                <title>{ title }</title>
            </rect>
        });
        at += width;
    }
    let free = (meter.total - meter.reserved - used - planned).max(0);
    let label = format!(
        "{}: {} allocated, {} planned, of {}",
        dimension.name(),
        text(used),
        text(planned),
        text(meter.total)
    );
    html! {
        <div class="bar-row">
            <span class="bar-name">{ dimension.name() }</span>
            <svg class="bar-track" role="img" aria-label={label} width="100%" height="14">
                <rect class="track" x="0" width="100%" height="100%" rx="3" />
                if meter.reserved > 0 {
                    <rect class="segment reserved" x="0" width={format!("{:.3}%", percent(meter.reserved))}
                        height="100%"><title>{ "kept by the node" }</title></rect>
                }
                { for segments }
            </svg>
            <span class="bar-value">
                <b>{ text(free) }</b><span class="quiet">{ format!(" free of {}", text(meter.total)) }</span>
            </span>
        </div>
    }
}

fn kept(blocks: &[Block]) -> impl Iterator<Item = &Block> {
    blocks.iter().filter(|b| b.kind != BlockKind::Ghost)
}

fn ghosts(blocks: &[Block]) -> impl Iterator<Item = &Block> {
    blocks.iter().filter(|b| b.kind == BlockKind::Ghost)
}

/// The class of a block's kind.
pub fn kind_class(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Allocation => "allocation",
        BlockKind::Leaving => "leaving",
        BlockKind::Ghost => "ghost",
    }
}

/// A job keeps its colour everywhere: one of eight, by its ID.
pub fn hue(job_id: &str) -> String {
    // FNV-1a; its high bits are the well-mixed ones.
    let hash = job_id
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
    format!("hue-{}", (hash >> 21) % 8)
}
