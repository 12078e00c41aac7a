//! Short words for what contracts do all the time.

/// Asks one thing in this scope and returns the answer.
macro_rules! ask {
    ($ground:expr, $scope:expr, |$unit:ident| $call:expr) => {{
        let $unit = $ground.store.glance($scope).await.unwrap();
        $call.await.unwrap()
    }};
}

/// Opens a unit of work for writing in this scope, commits it, and returns what the call in it answers.
macro_rules! change {
    ($ground:expr, $scope:expr, |$unit:ident| $call:expr) => {{
        let $unit = $ground.store.begin($scope).await.unwrap();
        let answer = $call.await.unwrap();
        $unit.commit().await.unwrap();
        answer
    }};
}

/// Opens a unit of work for writing in this scope and returns the error of the call in it, which must fail.
macro_rules! refused {
    ($ground:expr, $scope:expr, |$unit:ident| $call:expr) => {{
        let $unit = $ground.store.begin($scope).await.unwrap();
        $call.await.unwrap_err()
    }};
}

/// As `change!`, but the call may fail as well; then nothing is committed. Returns its result.
macro_rules! attempt {
    ($ground:expr, $scope:expr, |$unit:ident| $call:expr) => {{
        let $unit = $ground.store.begin($scope).await.unwrap();
        match $call.await {
            // What follows from a change may be refused when it is committed.
            Ok(answer) => $unit.commit().await.map(|()| answer),
            Err(error) => Err(error),
        }
    }};
}

/// Every item of a list, read in pages of this many.
macro_rules! pages {
    ($ground:expr, $scope:expr, $limit:expr, |$unit:ident, $page:ident| $call:expr) => {{
        let mut request = keystead_domain::PageRequest::first($limit);
        let mut items = Vec::new();
        loop {
            let $page = &request;
            let got = ask!($ground, $scope, |$unit| $call);
            let full = usize::from(request.limit);
            assert!(got.items.len() <= full, "more items than asked for");
            assert!(got.next.is_none() || got.items.len() == full, "a page with a follower is not full");
            items.extend(got.items);
            let Some(next) = got.next else { break items };
            request.after = Some(next);
        }
    }};
}

/// Page keys that are none are refused by name.
macro_rules! bad_cursors {
    ($ground:expr, $scope:expr, |$unit:ident, $page:ident| $call:expr) => {{
        let upper = "0193D2C3-5B1E-7000-8000-00000000ABCD";
        for key in ["", "x", "1", "0193d2c35b1e70008000000000000001", upper, "2026-01-01T00:00:00Z/x", "/", "'; --"] {
            let request = keystead_domain::PageRequest { limit: 10, after: Some(key.to_owned()) };
            let $unit = $ground.store.glance($scope).await.unwrap();
            let $page = &request;
            let error = $call.await.unwrap_err();
            assert_eq!(error.kind, keystead_domain::ErrorKind::Invalid, "{key:?}");
            assert_eq!(error.fields[0].field, "cursor", "{key:?}");
        }
    }};
}
