//! The images the other tests run are what they claim to be.

use anyhow::Result;
use steppe_tests::agent::free_port;
use steppe_tests::{docker, images, mysql};

#[tokio::test]
async fn the_mysql_image_serves_root_with_the_password_from_its_environment() -> Result<()> {
    let image = images::mysql()?;
    let port = free_port();
    let publish = format!("127.0.0.1:{port}:3306");
    let password = "MYSQL_ROOT_PASSWORD=rooooot";
    let id = docker::run(&[
        "run", "--detach", "--rm", "-m", "256m", "-p", &publish, "-e", password, image,
    ])?;
    let databases = mysql::databases(port).await;
    docker::run(&["rm", "--force", "--volumes", &id])?;
    assert!(databases?.contains(&"mysql".to_owned()));
    Ok(())
}

#[test]
fn the_small_image_has_a_shell() -> Result<()> {
    let image = images::busybox()?;
    let said = docker::run(&["run", "--rm", image, "/bin/sh", "-c", "echo hello"])?;
    assert_eq!(said, "hello");
    Ok(())
}
