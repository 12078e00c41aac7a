//! Lists things of the catalogue, or finds one by its key.

use super::{kept::Kept, permitted::guard_read};
use crate::{
    App,
    paging::{PageInput, PageOutput, Paging},
};
use keystead_domain::{Caller, Result};

/// Which of them are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListItems {
    /// The one with this key; all when nothing is said.
    pub key: Option<String>,
    /// Which page.
    pub page: PageInput,
}

/// Views, modules, features or items of the menu, in order of their making.
///
/// # Errors
/// As [`guard`](crate::access::guard); `Invalid` on `cursor`.
pub async fn list_items<T: Kept>(app: &App, caller: &Caller, input: ListItems) -> Result<PageOutput<T>> {
    guard_read(caller)?;
    let paging = Paging::open(app, caller, T::MANY, &input.key, &input.page)?;
    let unit = app.store.glance(caller.scope()).await?;
    if let Some(key) = &input.key {
        let found = if paging.request().after.is_none() { T::find_by_key(&*unit, key).await? } else { None };
        return Ok(PageOutput { items: found.into_iter().collect(), next_cursor: None });
    }
    paging.close(app, T::list(&*unit, paging.request()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestApp, member};
    use keystead_domain::access::Feature;
    use keystead_store::mocks::MockUnitOfWork;

    #[tokio::test]
    async fn one_is_found_by_its_key() {
        let (test, mut unit) = (TestApp::new(), MockUnitOfWork::new());
        unit.access.features.expect_find_by_key().once().returning(|key| {
            assert_eq!(key, "orders");
            Ok(None)
        });
        test.unit(unit);
        let input = ListItems { key: Some("orders".to_owned()), page: PageInput::default() };
        let found = list_items::<Feature>(&test.build(), &member(1, 7), input).await.unwrap();
        assert!(found.items.is_empty() && found.next_cursor.is_none());
    }
}
