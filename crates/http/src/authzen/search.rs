//! `POST /access/v1/search/subject|resource|action` (section 8).

use super::{
    body::{Action, Entity, decided},
    input::{Asked, AtLeast, Consistency, refused},
};
use crate::{AppState, input::Signed, problem::Problem};
use axum::{extract::State, response::Response};
use keystead_domain::{Caller, access::Action as Permitted};
use keystead_service::access::evaluation::{Attributes, Evaluator, Told, Wanted, page_token, read_page_token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many are found at once where the request does not say.
const USUAL: usize = 1000;

/// A type, of whose entities some are looked for.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct EntityType {
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 1000)]
    kind: String,
}

/// Which page is wanted (section 8.2.1).
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct PageRequest {
    /// `next_token` of the page before; the rest of the request must be the same.
    token: Option<String>,
    #[schema(minimum = 1, maximum = 10000, default = 1000)]
    limit: Option<usize>,
}

/// Which page it is (section 8.2.2).
#[derive(Serialize, ToSchema)]
#[schema(as = SearchPage)]
pub(crate) struct PageResponse {
    /// Pass it as `page.token` for the next page; empty on the last one.
    next_token: String,
    /// How many are on this page.
    count: usize,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FoundEntity {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FoundEntities {
    page: PageResponse,
    results: Vec<FoundEntity>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FoundAction {
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FoundActions {
    page: PageResponse,
    results: Vec<FoundAction>,
}

/// Whether somebody may do something on a resource, for every subject of a type.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct SubjectSearch {
    subject: EntityType,
    action: Action,
    resource: Entity,
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
    #[serde(default, skip_serializing)]
    page: PageRequest,
}

/// Whether a subject may do something, for every resource of a type.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct ResourceSearch {
    subject: Entity,
    action: Action,
    resource: EntityType,
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
    #[serde(default, skip_serializing)]
    page: PageRequest,
}

/// What a subject may do on a resource.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct ActionSearch {
    subject: Entity,
    resource: Entity,
    #[schema(value_type = Option<Object>)]
    context: Option<Attributes>,
    #[serde(default, skip_serializing)]
    page: PageRequest,
}

/// Finds the subjects of a type that may do the action on the resource: all that are known, exactly as they would be decided.
#[utoipa::path(
    post, path = "/access/v1/search/subject", tag = "authzen", params(Consistency), request_body = SubjectSearch,
    responses((status = 200, description = "Those who may.", body = FoundEntities))
)]
pub(crate) async fn search_subjects(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Asked(asked): Asked<SubjectSearch>,
) -> Result<Response, Problem> {
    let (evaluator, asked, page, ids) = search(&state, &caller, at_least, asked).await?;
    let kind = &asked.subject.kind;
    Ok(decided(&evaluator, &FoundEntities { page, results: entities(kind, ids) }))
}

/// Finds the resources of a type on which the subject may do the action: all that are known, exactly as they would be decided.
#[utoipa::path(
    post, path = "/access/v1/search/resource", tag = "authzen", params(Consistency), request_body = ResourceSearch,
    responses((status = 200, description = "Those on which it may.", body = FoundEntities))
)]
pub(crate) async fn search_resources(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Asked(asked): Asked<ResourceSearch>,
) -> Result<Response, Problem> {
    let (evaluator, asked, page, ids) = search(&state, &caller, at_least, asked).await?;
    let kind = &asked.resource.kind;
    Ok(decided(&evaluator, &FoundEntities { page, results: entities(kind, ids) }))
}

/// Finds the actions that the subject may do on the resource: all that are known, exactly as they would be decided.
#[utoipa::path(
    post, path = "/access/v1/search/action", tag = "authzen", params(Consistency), request_body = ActionSearch,
    responses((status = 200, description = "What it may do.", body = FoundActions))
)]
pub(crate) async fn search_actions(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Asked(asked): Asked<ActionSearch>,
) -> Result<Response, Problem> {
    let (evaluator, _, page, names) = search(&state, &caller, at_least, asked).await?;
    let results = names.into_iter().map(|name| FoundAction { name }).collect();
    Ok(decided(&evaluator, &FoundActions { page, results }))
}

/// A search: everything but the answer.
trait Search: Serialize + Send + 'static {
    /// What is looked for.
    fn wanted(&self) -> Wanted<'_>;
    fn context(&self) -> Option<&Attributes>;
    fn page(&self) -> &PageRequest;
}

macro_rules! searches {
    ($($search:ident => |$asked:ident| $wanted:expr),+ $(,)?) => {
        $(impl Search for $search {
            fn wanted(&self) -> Wanted<'_> {
                let $asked = self;
                $wanted
            }
            fn context(&self) -> Option<&Attributes> {
                self.context.as_ref()
            }
            fn page(&self) -> &PageRequest {
                &self.page
            }
        })+
    };
}
searches! {
    SubjectSearch => |asked| Wanted::Subjects {
        kind: &asked.subject.kind,
        action: asked.action.act(),
        resource: asked.resource.thing(),
    },
    ResourceSearch => |asked| Wanted::Resources {
        subject: asked.subject.thing(),
        action: asked.action.act(),
        kind: &asked.resource.kind,
    },
    ActionSearch => |asked| Wanted::Actions { subject: asked.subject.thing(), resource: asked.resource.thing() },
}

fn entities(kind: &str, ids: Vec<String>) -> Vec<FoundEntity> {
    ids.into_iter().map(|id| FoundEntity { kind: kind.to_owned(), id }).collect()
}

/// Asks for one page, on a thread of its own: it may take a million decisions.
async fn search<T: Search>(
    state: &AppState,
    caller: &Caller,
    at_least: Option<i64>,
    asked: T,
) -> Result<(Evaluator, T, PageResponse, Vec<String>), Problem> {
    let evaluator = Evaluator::open(state.app(), caller, Permitted::Search, at_least).await?;
    let (app, caller) = (state.app().clone(), caller.clone());
    let work = move || {
        let question = serde_json::to_vec(&asked).map_err(|error| Problem::internal(error.to_string()))?;
        let after = asked.page().token.as_deref().filter(|token| !token.is_empty());
        let after = after.map(|token| read_page_token(&app, &caller, &question, token)).transpose().map_err(refused)?;
        let size = asked.page().limit.unwrap_or(USUAL);
        let mut told = Told::new(&app, &caller);
        let found =
            told.search(&evaluator, asked.wanted(), asked.context(), after.as_deref(), size).map_err(refused)?;
        let next = found.next.as_deref().map(|last| page_token(&app, &caller, &question, last));
        let next_token = next.transpose()?.unwrap_or_default();
        let page = PageResponse { next_token, count: found.ids.len() };
        Ok((evaluator, asked, page, found.ids))
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|failure| Err(Problem::internal(format!("a search ended early: {failure}"))))
}
