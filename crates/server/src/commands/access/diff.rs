//! `keystead access diff`.

use super::test::word;
use crate::cli::{Output, Table};
use keystead_domain::{Caller, Result};
use keystead_http::documents;
use keystead_service::{
    App,
    access::previewing::{self, Preview, PreviewChanges},
};

/// Lists what the changes would flip.
pub(super) async fn diff(app: &App, caller: &Caller, output: Output, changes: PreviewChanges) -> Result<()> {
    let preview = previewing::preview(app, caller, changes).await?;
    if preview.flips.is_empty() && !output.is_json() {
        return output.say("No decision about what is known would come out otherwise.");
    }
    let table = table(&preview);
    output.answer(&documents::preview(preview)?, || table)
}

fn table(preview: &Preview) -> Table {
    let mut table = Table::new(&["subject", "action", "resource", "now", "then"]);
    for flip in &preview.flips {
        let says = |why: &keystead_service::access::effective::Why| format!("{}: {}", word(why.allowed), why.reason);
        let name = |(kind, id): &(String, String)| format!("{kind}:{id}");
        table.row([
            name(&flip.subject),
            flip.action.clone(),
            name(&flip.resource),
            says(&flip.before),
            says(&flip.after),
        ]);
    }
    table
}
