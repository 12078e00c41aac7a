//! Links inside the book, and from the pages beside the code into it.

use crate::{
    failure::{Failure, Result, While},
    workspace::Workspace,
};
use std::{
    collections::HashMap,
    fs,
    path::{Component, Path, PathBuf},
};

/// Pages beside the code: their links lead to files.
const BESIDE: &[&str] = &["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/// Every link and picture of the built pages leads to something that is there, down to the heading.
pub(super) fn check(workspace: &Workspace, book: &Path) -> Result<()> {
    let mut pages = HashMap::new();
    read(book, &mut pages)?;
    let mut broken = Vec::new();
    // The page for printing repeats the others, and the one for missing pages is served anywhere.
    let written = pages.keys().filter(|path| !path.ends_with("print.html") && !path.ends_with("404.html"));
    let mut written: Vec<_> = written.collect();
    written.sort();
    for page in written {
        for link in attributes(&pages[page], &["href=\"", "src=\""]) {
            if let Some(why) = follow(page, link, &pages) {
                broken.push(format!("{}: {link} {why}", page.strip_prefix(book).unwrap_or(page).display()));
            }
        }
    }
    for name in BESIDE {
        let text = workspace.read(name)?;
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| is_ours(link)) {
            let path = link.split('#').next().unwrap_or(link);
            if !workspace.root.join(path).exists() {
                broken.push(format!("{name}: {link} is not there"));
            }
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::new(broken.join("\n  ")).next("mend the links")) }
}

fn read(folder: &Path, pages: &mut HashMap<PathBuf, String>) -> Result<()> {
    let doing = || format!("reading {}", folder.display());
    for entry in fs::read_dir(folder).doing(doing)? {
        let path = entry.doing(doing)?.path();
        if path.is_dir() {
            read(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path).doing(doing)?;
            pages.insert(path, text);
        }
    }
    Ok(())
}

/// The values of attributes, as mdBook writes them: always between double quotes.
fn attributes<'a>(html: &'a str, begins: &'a [&str]) -> impl Iterator<Item = &'a str> {
    begins.iter().flat_map(|begin| html.split(begin).skip(1)).filter_map(|rest| rest.split('"').next())
}

fn is_ours(link: &str) -> bool {
    !["http://", "https://", "mailto:", "data:"].iter().any(|scheme| link.starts_with(scheme))
}

/// Why `link` leads nowhere; none when it leads somewhere, or out of the book.
fn follow(page: &Path, link: &str, pages: &HashMap<PathBuf, String>) -> Option<String> {
    if !is_ours(link) || link.is_empty() {
        return None;
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { page.to_owned() } else { plain(&page.parent()?.join(path)) };
    if !target.is_file() {
        return Some("is not there".to_owned());
    }
    let has_heading = |html: &String| attributes(html, &["id=\"", "name=\""]).any(|id| id == heading);
    let missing = !heading.is_empty() && pages.get(&target).is_some_and(|html| !has_heading(html));
    missing.then(|| format!("names a heading that {} has not", target.display()))
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_and_headings() {
        let folder = std::env::temp_dir().join(format!("keystead-links-{}", std::process::id()));
        fs::create_dir_all(folder.join("in")).unwrap();
        let (one, two) = (folder.join("one.html"), folder.join("in/two.html"));
        fs::write(&one, "<h1 id=\"top\">").unwrap();
        fs::write(&two, "<a href=\"../one.html#top\">").unwrap();
        let mut pages = HashMap::new();
        read(&folder, &mut pages).unwrap();
        let why = |link| follow(&two, link, &pages);
        for good in ["../one.html", "../one.html#top", "two.html", "https://example.org/x", ""] {
            assert_eq!(why(good), None, "{good}");
        }
        for bad in ["one.html", "../one.html#bottom", "#top", "../three.html"] {
            assert!(why(bad).is_some(), "{bad}");
        }
        assert_eq!(attributes(&pages[&two], &["href=\""]).collect::<Vec<_>>(), ["../one.html#top"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
