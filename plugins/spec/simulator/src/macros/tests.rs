//! That each name of each family is known to its family.

use std::sync::Arc;

use super::*;
use crate::Setup;
use crate::context::Spec;

#[tokio::test]
async fn each_name_that_is_listed_is_known() {
    for name in FAMILIES.concat() {
        let context = Context { spec: Arc::new(Spec::new(Setup::default().with_time_scale(1e9))) };
        // Without arguments many fail, and some wait for a tick that never comes; none may be unknown.
        let unknown = Arguments { name, all: &[] }.unknown();
        let called = tokio::time::timeout(crate::context::TICK, call(&context, name, &[])).await;
        assert_ne!(called, Ok(Err(unknown)), "{name}");
    }
}
