//! `keystead access`: the service's use cases, asked for by the operator on the store itself.

mod diff;
mod expected;
mod explain;
mod file;
mod names;
mod test;

use crate::{
    cli::{Output, access::Access as Command, service_account::Whose},
    config::Config,
    wiring,
};
use keystead_domain::{Caller, PLATFORM, Result};
use keystead_service::{App, access::previewing::PreviewChanges, background, organizations};

pub(super) async fn run(config: &Config, output: Output, command: Command) -> Result<()> {
    // What is wrong with a file is said before anything is opened.
    let command = Prepared::new(command)?;
    let (app, store) = wiring::service(config, None).await?;
    let outcome = act(&app, output, command).await;
    // What was read is recorded even where the command failed later.
    let recorded = background::flush(&app).await;
    store.close().await?;
    outcome.and(recorded)
}

/// A command with its file read.
enum Prepared {
    Check(crate::cli::access::QuestionWords, Whose),
    Explain(crate::cli::access::QuestionWords, Whose),
    Diff(PreviewChanges, Whose),
    Test(expected::Expected, Option<PreviewChanges>, Whose),
}

impl Prepared {
    fn new(command: Command) -> Result<Self> {
        Ok(match command {
            Command::Check { question, whose } => Self::Check(question, whose),
            Command::Explain { question, whose } => Self::Explain(question, whose),
            Command::Diff { file, whose } => Self::Diff(file::changes(&file)?, whose),
            Command::Test { file, changes, whose } => {
                Self::Test(file::expected(&file)?, changes.as_deref().map(file::changes).transpose()?, whose)
            }
        })
    }
}

async fn act(app: &App, output: Output, command: Prepared) -> Result<()> {
    match command {
        Prepared::Check(words, whose) => {
            let caller = operator(app, &whose).await?;
            explain::check(app, &caller, output, words).await
        }
        Prepared::Explain(words, whose) => {
            let caller = operator(app, &whose).await?;
            explain::explain(app, &caller, output, words).await
        }
        Prepared::Diff(changes, whose) => {
            let caller = operator(app, &whose).await?;
            diff::diff(app, &caller, output, changes).await
        }
        Prepared::Test(expected, changes, whose) => {
            let caller = operator(app, &whose).await?;
            test::test(app, &caller, output, expected, changes).await
        }
    }
}

/// The operator, working in an organization that there is.
async fn operator(app: &App, whose: &Whose) -> Result<Caller> {
    let caller = Caller::operator(wiring::command_line(app));
    let organization_id = whose.organization.as_deref().map_or(Ok(PLATFORM), super::organization::parse)?;
    organizations::get_organization(app, &caller, organization_id).await?;
    Ok(Caller { organization_id, ..caller })
}
