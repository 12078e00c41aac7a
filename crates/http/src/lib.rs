//! The HTTP edge: routes, problem details, OpenAPI.
