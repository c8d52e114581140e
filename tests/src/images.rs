//! Images made on the spot, since no registry can be relied on.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::random::Random;
use crate::{docker, root, scratch};

/// A shell and the usual small programs.
pub const BUSYBOX: &str = "steppe-tests/busybox:1";
/// The workshop's image. Where it does not exist it is Debian's MariaDB under that name: the same
/// protocol, the same data directory, the same entry point variable.
pub const MYSQL: &str = "mysql:5.7.28";

const APPLETS: &[&str] =
    &["sh", "sleep", "echo", "cat", "httpd", "nc", "env", "true", "false", "date", "ls", "kill"];

/// Packages and documents that a running server does not read.
const DEAD_WEIGHT: &[&str] = &[
    "var/cache/apt",
    "var/lib/apt/lists",
    "var/lib/mysql",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
];

/// Makes the small image if it is not there.
pub fn busybox() -> Result<&'static str> {
    if !docker::has_image(BUSYBOX) {
        let dir = fresh("busybox")?;
        busybox_tree(&dir)?;
        import(&dir, BUSYBOX, &["CMD [\"/bin/sleep\", \"86400\"]"])?;
    }
    Ok(BUSYBOX)
}

/// Makes the MySQL stand-in if no image of that name is there; the file system is kept for next time.
pub fn mysql() -> Result<&'static str> {
    if docker::has_image(MYSQL) {
        return Ok(MYSQL);
    }
    let tar = scratch().join("mariadb.tar");
    if !tar.exists() {
        let dir = fresh("mariadb")?;
        let log = File::create(scratch().join("debootstrap.log"))?;
        eprintln!("making a MariaDB file system with debootstrap (once, about a minute)");
        let status = Command::new("debootstrap")
            .args(["--variant=minbase", "--include=mariadb-server", "bookworm"])
            .arg(&dir)
            .arg("http://deb.debian.org/debian")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .status()
            .context("cannot start debootstrap")?;
        ensure!(status.success(), "debootstrap failed, see target/e2e/debootstrap.log");
        for part in DEAD_WEIGHT {
            let _ = fs::remove_dir_all(dir.join(part));
        }
        fs::create_dir_all(dir.join("var/lib/mysql"))?;
        let half = scratch().join("mariadb.tar.new");
        pack(&dir, &half)?;
        fs::rename(&half, &tar)?;
        fs::remove_dir_all(&dir)?;
    }
    // The entry point is a layer of its own, so that a change of it needs no new file system.
    let base = "steppe-tests/mariadb:1";
    let tar = tar.to_string_lossy().into_owned();
    docker::run(&["import", &tar, base])?;
    let context = fresh("mysql-context")?;
    let entry = fs::read(root().join("tests/images/mysql-entrypoint.sh"))?;
    fs::write(context.join("docker-entrypoint.sh"), entry)?;
    executable(&context.join("docker-entrypoint.sh"))?;
    fs::write(
        context.join("Dockerfile"),
        format!(
            "FROM {base}\nCOPY docker-entrypoint.sh /usr/local/bin/\nEXPOSE 3306 33060\n\
             ENTRYPOINT [\"docker-entrypoint.sh\"]\nCMD [\"mysqld\"]\n"
        ),
    )?;
    docker::run(&["build", "--quiet", "--tag", MYSQL, &context.to_string_lossy()])?;
    fs::remove_dir_all(&context)?;
    Ok(MYSQL)
}

/// An image of three layers, none of which any other image has; each of `mb` megabytes that do not shrink.
pub fn three_layers(tag: &str, mb: usize) -> Result<()> {
    let dir = fresh("layers")?;
    let tree = dir.join("tree");
    busybox_tree(&tree)?;
    let seed =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos() as u64;
    let mut random = Random::seeded(seed);
    noise(&tree.join("one"), mb, &mut random)?;
    let base = format!("{tag}-base");
    import(&tree, &base, &[])?;
    noise(&dir.join("two"), mb, &mut random)?;
    noise(&dir.join("three"), mb, &mut random)?;
    let text =
        format!("FROM {base}\nCOPY two /two\nCOPY three /three\nCMD [\"/bin/sleep\", \"86400\"]\n");
    fs::write(dir.join("Dockerfile"), text)?;
    fs::write(dir.join(".dockerignore"), "tree\n")?;
    docker::run(&["build", "--quiet", "--tag", tag, &dir.to_string_lossy()])?;
    docker::run(&["image", "rm", "--no-prune", &base])?;
    fs::remove_dir_all(&dir)?;
    Ok(())
}

fn busybox_tree(dir: &Path) -> Result<()> {
    for folder in ["bin", "tmp", "etc"] {
        fs::create_dir_all(dir.join(folder))?;
    }
    fs::copy("/bin/busybox", dir.join("bin/busybox")).context("busybox-static is not installed")?;
    executable(&dir.join("bin/busybox"))?;
    for applet in APPLETS {
        symlink("busybox", dir.join("bin").join(applet))?;
    }
    fs::write(dir.join("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n")?;
    Ok(())
}

fn noise(path: &Path, mb: usize, random: &mut Random) -> Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    for _ in 0..mb * (1 << 20) / 8 {
        file.write_all(&random.draw().to_le_bytes())?;
    }
    Ok(file.flush()?)
}

fn import(dir: &Path, tag: &str, changes: &[&str]) -> Result<()> {
    let tar = dir.with_extension("tar");
    pack(dir, &tar)?;
    let mut args = vec!["import"];
    for change in changes {
        args.extend(["--change", change]);
    }
    let tar_name = tar.to_string_lossy().into_owned();
    args.extend([tar_name.as_str(), tag]);
    docker::run(&args)?;
    fs::remove_file(&tar)?;
    Ok(())
}

fn pack(dir: &Path, tar: &Path) -> Result<()> {
    let status = Command::new("tar").arg("-C").arg(dir).arg("-cf").arg(tar).arg(".").status()?;
    ensure!(status.success(), "tar failed: {status}");
    Ok(())
}

fn executable(path: &Path) -> Result<()> {
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

fn fresh(name: &str) -> Result<PathBuf> {
    let dir = scratch().join(format!("{name}-{}", std::process::id()));
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    Ok(dir)
}
