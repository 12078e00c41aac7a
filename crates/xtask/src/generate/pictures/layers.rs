//! Where boxes and the lines between them go: layers from left to right, each box right of what it refers to.
//!
//! All lines to one box share a trunk, so that a box with twenty referring ones stays readable. A line that passes a layer
//! takes a slot between its boxes. Everything is computed in whole numbers and in the order given: the same tables make the
//! same picture on every machine.

/// A box to be placed.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A line from a box to the one that it refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// The referring box.
    pub(super) from: usize,
    /// How far below its top the line ends there.
    pub(super) at: i32,
    /// The other box.
    pub(super) to: usize,
}

/// The space between boxes of a layer.
const GAP: i32 = 22;
/// The space between parallel lines.
const TRACK: i32 = 11;
/// The space that a passing line takes.
const SLOT: i32 = 12;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    /// The left upper corner of each box.
    pub(super) corners: Vec<(i32, i32)>,
    /// The way of each link, from the box that is referred to.
    pub(super) ways: Vec<Vec<(i32, i32)>>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A box, or the slot of lines to box `net` that pass a layer.
#[derive(Debug)]
struct Cell {
    net: usize,
    is_slot: bool,
    height: i32,
    y: i32,
}

/// Lays the boxes out.
pub(super) fn layout(blocks: &[Block], links: &[Link]) -> Layout {
    let layer = layers(blocks.len(), links);
    let last = layer.iter().copied().max().unwrap_or(0);
    // How far the lines to each box reach.
    let reach: Vec<usize> = (0..blocks.len())
        .map(|block| links.iter().filter(|link| link.to == block).map(|link| layer[link.from]).max().unwrap_or(0))
        .collect();
    let mut columns: Vec<Vec<Cell>> = (0..=last)
        .map(|at| {
            let boxes = (0..blocks.len()).filter(|&block| layer[block] == at);
            let boxes = boxes.map(|net| Cell { net, is_slot: false, height: blocks[net].height, y: 0 });
            let slots = (0..blocks.len()).filter(|&block| layer[block] < at && reach[block] > at);
            boxes.chain(slots.map(|net| Cell { net, is_slot: true, height: SLOT, y: 0 })).collect()
        })
        .collect();
    arrange(&mut columns, links);

    let mut corners = vec![(0, 0); blocks.len()];
    let mut ways: Vec<Vec<(i32, i32)>> = vec![Vec::new(); links.len()];
    let mut x = 0;
    // Where the line to a box has come to, at the right edge of the layer before.
    let mut heads: Vec<Vec<(i32, i32)>> = vec![Vec::new(); blocks.len()];
    for at in 0..=last {
        let wide = columns[at].iter().filter(|cell| !cell.is_slot).map(|cell| blocks[cell.net].width).max();
        let wide = wide.unwrap_or(0);
        for cell in columns[at].iter().filter(|cell| !cell.is_slot) {
            corners[cell.net] = (x, cell.y);
        }
        x += wide;
        if at == last {
            break;
        }
        let mut trunks = trunks(&columns[at], &columns[at + 1], links);
        untangle(&mut trunks);
        let channel = 24 + TRACK * i32::try_from(trunks.len()).unwrap_or(0) + 14;
        for (track, trunk) in (0..).zip(&trunks) {
            let (source, along) = (trunk.source, x + 24 + track * TRACK);
            let mut way = if trunk.begins { Vec::new() } else { std::mem::take(&mut heads[trunk.net]) };
            let start = if trunk.begins { x - wide + blocks[trunk.net].width } else { x };
            way.push((start, source));
            for &(target, y) in &trunk.targets {
                let mut way = way.clone();
                way.extend([(along, source), (along, y), (x + channel, y)]);
                match target {
                    Target::Slot => heads[trunk.net] = way,
                    Target::Link(link) => ways[link] = way,
                }
            }
        }
        x += channel;
    }
    let height = columns.iter().flatten().map(|cell| cell.y + cell.height).max().unwrap_or(0);
    Layout { corners, ways: ways.into_iter().map(|way| straight(&way)).collect(), width: x, height }
}

/// The layer of each box: one right of the rightmost that it refers to.
fn layers(count: usize, links: &[Link]) -> Vec<usize> {
    let mut layer = vec![0; count];
    // A chain of references is no longer than there are boxes; a circle would stop here, too.
    for _ in 0..count {
        for link in links.iter().filter(|link| link.from != link.to) {
            layer[link.from] = layer[link.from].max(layer[link.to] + 1).min(count);
        }
    }
    layer
}

/// Orders the boxes of each layer by where their lines lead, and spreads them.
fn arrange(columns: &mut [Vec<Cell>], links: &[Link]) {
    columns.iter_mut().for_each(|column| stack(column));
    for sweep in 0..12 {
        for step in 0..columns.len() {
            let at = if sweep % 2 == 0 { step } else { columns.len() - 1 - step };
            let wishes: Vec<i32> = columns[at].iter().map(|cell| wish(cell, at, columns, links)).collect();
            let mut order: Vec<_> = std::mem::take(&mut columns[at]).into_iter().zip(wishes).collect();
            order.sort_by_key(|(_, wish)| *wish);
            columns[at] = order.into_iter().map(|(cell, _)| cell).collect();
            stack(&mut columns[at]);
        }
    }
    let tallest = columns.iter().map(|column| column.last().map_or(0, |cell| cell.y + cell.height)).max().unwrap_or(0);
    for at in 0..columns.len() {
        let wishes: Vec<i32> = columns[at].iter().map(|cell| wish(cell, at, columns, links)).collect();
        spread(&mut columns[at], &wishes, tallest);
    }
}

/// Where the middle of a cell would like to be: the mean of what it is joined with in the layers beside.
fn wish(cell: &Cell, at: usize, columns: &[Vec<Cell>], links: &[Link]) -> i32 {
    let joined = |other: &&Cell| {
        other.net == cell.net
            || links.iter().any(|link| !cell.is_slot && link.from == cell.net && link.to == other.net)
            || links.iter().any(|link| !other.is_slot && link.from == other.net && link.to == cell.net)
    };
    let before = at.checked_sub(1).and_then(|at| columns.get(at));
    let beside = [before, columns.get(at + 1)].into_iter().flatten().flatten().filter(joined);
    let places: Vec<i32> = beside.map(|other| other.y + other.height / 2).collect();
    match i32::try_from(places.len()) {
        Ok(count) if count > 0 => places.iter().sum::<i32>() / count,
        // What is joined with nothing goes to the end.
        _ => i32::MAX / 2,
    }
}

fn gap(above: &Cell, below: &Cell) -> i32 {
    if above.is_slot && below.is_slot { 0 } else { GAP / if above.is_slot || below.is_slot { 2 } else { 1 } }
}

fn stack(column: &mut [Cell]) {
    let mut y = 0;
    for at in 0..column.len() {
        if at > 0 {
            y += gap(&column[at - 1], &column[at]);
        }
        column[at].y = y;
        y += column[at].height;
    }
}

/// Moves the cells down towards their wishes, as far as the tallest layer reaches, without changing their order.
fn spread(column: &mut [Cell], wishes: &[i32], tallest: i32) {
    let mut floor = tallest;
    for at in (0..column.len()).rev() {
        if at + 1 < column.len() {
            floor -= gap(&column[at], &column[at + 1]);
        }
        let cell = &mut column[at];
        let lowest = floor - cell.height;
        let wished = wishes[at].saturating_sub(cell.height / 2);
        cell.y = wished.clamp(cell.y, lowest.max(cell.y));
        floor = cell.y;
    }
}

/// Where a line goes on after its trunk.
#[derive(Clone, Copy, Debug)]
enum Target {
    Slot,
    Link(usize),
}

/// The lines to one box, between two layers.
#[derive(Clone, Debug)]
struct Trunk {
    net: usize,
    /// Whether the box itself is on the left, not a slot of its lines.
    begins: bool,
    source: i32,
    targets: Vec<(Target, i32)>,
}

fn trunks(left: &[Cell], right: &[Cell], links: &[Link]) -> Vec<Trunk> {
    let mut trunks = Vec::new();
    let mut taken: Vec<i32> = Vec::new();
    for cell in left {
        let slots = right.iter().filter(|other| other.is_slot && other.net == cell.net);
        let mut targets: Vec<_> = slots.map(|slot| (Target::Slot, slot.y + slot.height / 2)).collect();
        for other in right.iter().filter(|other| !other.is_slot) {
            let joined = links.iter().enumerate().filter(|(_, link)| link.from == other.net && link.to == cell.net);
            targets.extend(joined.map(|(index, link)| (Target::Link(index), other.y + link.at)));
        }
        if !targets.is_empty() {
            taken.extend(targets.iter().map(|(_, y)| *y));
            let source = if cell.is_slot { cell.y + cell.height / 2 } else { cell.y + 11 };
            trunks.push(Trunk { net: cell.net, begins: !cell.is_slot, source, targets });
        }
    }
    // No line leaves its box where another one arrives: they would look like one.
    for trunk in &mut trunks {
        let own: Vec<i32> = trunk.targets.iter().map(|(_, y)| *y).collect();
        let free = |y: i32| own == [y] || taken.iter().all(|other| (other - y).abs() > 3);
        let offsets: &[i32] = if trunk.begins { &[0, 4, -4, 7, -7, 10] } else { &[0] };
        if let Some(offset) = offsets.iter().find(|offset| free(trunk.source + **offset)) {
            trunk.source += offset;
        }
    }
    trunks
}

/// Puts the trunks side by side so that few lines cross.
fn untangle(trunks: &mut [Trunk]) {
    for _ in 0..trunks.len() {
        for at in 1..trunks.len() {
            if crossings(&trunks[at], &trunks[at - 1]) < crossings(&trunks[at - 1], &trunks[at]) {
                trunks.swap(at - 1, at);
            }
        }
    }
}

/// How often the lines of two trunks cross when `first` is left of `second`.
fn crossings(first: &Trunk, second: &Trunk) -> usize {
    let span = |trunk: &Trunk| {
        let ys = || trunk.targets.iter().map(|(_, y)| *y).chain([trunk.source]);
        (ys().min().unwrap_or(0), ys().max().unwrap_or(0))
    };
    let (one, two) = (span(first), span(second));
    let inside = |y: i32, (low, high): (i32, i32)| low <= y && y <= high;
    usize::from(inside(second.source, one)) + first.targets.iter().filter(|(_, y)| inside(*y, two)).count()
}

/// The way without points that lie on a straight line.
fn straight(way: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = Vec::new();
    for &point in way {
        if points.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = points[..] {
            let in_line = (before.0 == last.0 && last.0 == point.0) || (before.1 == last.1 && last.1 == point.1);
            if in_line {
                points.pop();
            }
        }
        points.push(point);
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(count: usize) -> Vec<Block> {
        (0..count).map(|_| Block { width: 100, height: 50 }).collect()
    }

    #[test]
    fn no_boxes_overlap_and_lines_end_at_theirs() {
        // 1 and 2 refer to 0, 3 to 1 and, past a layer, to 0; 4 is alone.
        let links = [(1, 0), (2, 0), (3, 1), (3, 0)].map(|(from, to)| Link { from, at: 30, to });
        let blocks = blocks(5);
        let Layout { corners, ways, width, height } = layout(&blocks, &links);
        for (one, a) in corners.iter().enumerate() {
            assert!(a.0 >= 0 && a.1 >= 0 && a.0 + 100 <= width && a.1 + 50 <= height);
            for b in &corners[one + 1..] {
                assert!((a.0 - b.0).abs() >= 100 || (a.1 - b.1).abs() >= 50 + GAP, "{a:?} {b:?}");
            }
        }
        for (link, way) in links.iter().zip(&ways) {
            let (from, to) = (corners[link.from], corners[link.to]);
            assert_eq!(way.last(), Some(&(from.0, from.1 + 30)));
            assert!(way[0].0 == to.0 + 100 && (to.1..to.1 + 50).contains(&way[0].1));
            assert!(way.windows(2).all(|pair| pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1), "{way:?}");
        }
    }
}
